/* SPDX-License-Identifier: MIT */
#include "resolver/search.h"

#include <string.h>

#include "resolver/host.h"

enum step { STEP_FIRST, STEP_DOMAINS, STEP_LAST, STEP_OVER };

static bool next_domain(struct tw_search *search,
	const struct trowel_options *options, struct trowel_name *candidate);
static size_t domain_length(const struct trowel_options *options, size_t at);

bool tw_search_next(struct tw_search *search, const struct trowel_name *name,
	const struct trowel_options *options, struct trowel_name *candidate)
{
	size_t dots = tw_host_dots(name);
	bool is_first = search->whole || dots >= options->ndots;
	bool has_last = !is_first &&
		(dots > 0 || options->search_length == 0 ||
			(options->flags & TROWEL_NO_TLD_QUERY) == 0);

	*candidate = *name;
	if (search->step == STEP_FIRST) {
		search->step = STEP_DOMAINS;
		if (is_first)
			return true;
	}
	if (search->step == STEP_DOMAINS) {
		if (!search->whole && next_domain(search, options, candidate))
			return true;
		search->step = STEP_LAST;
	}
	if (search->step == STEP_LAST) {
		search->step = STEP_OVER;
		return has_last;
	}
	return false;
}

/* Puts it behind the candidate. */
static bool next_domain(struct tw_search *search,
	const struct trowel_options *options, struct trowel_name *candidate)
{
	size_t bare = candidate->length - 1u; /* without the root */
	size_t at = search->domain;
	size_t length = domain_length(options, at);

	/* With a longer one, no such name can be. */
	while (length > 0 && bare + length > TROWEL_NAME_MAX) {
		at += length;
		length = domain_length(options, at);
	}
	if (length == 0)
		return false;
	memcpy(candidate->octets + bare, options->search + at, length);
	candidate->length = (uint8_t)(bare + length);
	search->domain = (uint16_t)(at + length);
	return true;
}

/* Of the domain at an offset; 0 at the end, and where octets are no name. */
static size_t domain_length(const struct trowel_options *options, size_t at)
{
	size_t end = at;

	while (end < options->search_length && options->search[end] != 0) {
		if (options->search[end] > TROWEL_LABEL_MAX)
			return 0;
		end += 1u + options->search[end];
	}
	return end < options->search_length ? end + 1 - at : 0;
}
