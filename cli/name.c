/* SPDX-License-Identifier: MIT */
#include "cli/name.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "cli/complain.h"
#include "cli/idn.h"

static bool make_text(const struct tw_lookup *lookup, char *text);

/* Dots that part or end labels: not those behind a backslash. */
static unsigned count_dots(const char *text)
{
	unsigned count = 0;

	for (; *text; text++) {
		count += *text == '.';
		if (*text == '\\' && text[1])
			text++;
	}
	return count;
}

/* Octets outside ASCII are taken as they are with +noidnin alone. */
static bool encode(const struct tw_lookup *lookup, char *text)
{
	if (lookup->idn_in < 0 || !tw_idn_is_needed(text))
		return true;
	if (tw_idn_encode(text, TROWEL_NAME_TEXT_SIZE))
		return true;
	tw_complain(tw_idn_is_there
			? "\"%.300s\" has no form in ASCII; +noidnin takes its "
			  "octets as they are"
			: "\"%.300s\" is not ASCII, and this trowel was built "
			  "without libidn2; write xn--..., or +noidnin for its "
			  "octets as they are",
		text);
	return false;
}

int tw_names_init(struct tw_names *names, const struct tw_lookup *lookup,
	const struct trowel_options *options)
{
	enum trowel_status status = TROWEL_NAME_TOO_LONG;
	size_t position = TROWEL_NAME_MAX;
	char text[TROWEL_NAME_TEXT_SIZE];

	text[0] = '\0';
	names->lookup = lookup;
	names->options = options;
	names->is_last = false;
	names->at = 0;
	if (make_text(lookup, text) && !encode(lookup, text))
		return TW_EXIT_INTERNAL;
	if (text[0])
		status = trowel_name_parse(
			text, strlen(text), &names->given, &position);
	names->dot_count = count_dots(text);
	if (status == TROWEL_OK)
		return 0;
	tw_complain("bad name \"%.300s\": %s at character %zu",
		text[0] ? text : lookup->name, trowel_status_text(status),
		position + 1);
	return TW_EXIT_INTERNAL;
}

/* With the next domain behind it; those that make it too long are left out. */
static bool next_in_domain(struct tw_names *names, struct trowel_name *name)
{
	const struct trowel_options *options = names->options;
	const uint8_t *domain;
	size_t length, kept = names->given.length - 1U;

	while (names->at < options->search_length) {
		domain = options->search + names->at;
		for (length = 0; domain[length] != 0;)
			length += domain[length] + 1U;
		length++;
		names->at = (uint16_t)(names->at + length);
		if (kept + length > TROWEL_NAME_MAX)
			continue;
		*name = names->given;
		memcpy(name->octets + kept, domain, length);
		name->length = (uint8_t)(kept + length);
		return true;
	}
	return false;
}

/* With enough dots as it is alone; else behind the domains, as in dig. */
bool tw_names_next(struct tw_names *names, struct trowel_name *name)
{
	const struct tw_lookup *lookup = names->lookup;

	if (names->is_last)
		return false;
	if ((lookup->search || lookup->domain) &&
		names->dot_count < names->options->ndots &&
		next_in_domain(names, name))
		return true;
	names->is_last = true;
	*name = names->given;
	return true;
}

/* 192.0.2.1 -> 1.2.0.192.in-addr.arpa. Like dig, turns round whatever stands
 * between dots: parts of an address are names of zones too. */
static bool reverse_ipv4(const char *address, char *name)
{
	static const char suffix[] = "in-addr.arpa.";
	size_t end = strlen(address), start, used = 0;

	if (end + 1 + sizeof(suffix) > TROWEL_NAME_TEXT_SIZE)
		return false;
	for (;;) {
		for (start = end; start > 0 && address[start - 1] != '.';)
			start--;
		memcpy(name + used, address + start, end - start);
		used += end - start;
		name[used++] = '.';
		if (start == 0)
			break;
		end = start - 1;
	}
	memcpy(name + used, suffix, sizeof(suffix));
	return true;
}

/* RFC 3596 2.5 */
static void reverse_ipv6(const struct in6_addr *address, char *name)
{
	static const char digits[] = "0123456789abcdef";
	static const char suffix[] = "ip6.arpa.";
	size_t i;

	for (i = 16; i-- > 0;) {
		*name++ = digits[address->s6_addr[i] % 16];
		*name++ = '.';
		*name++ = digits[address->s6_addr[i] / 16];
		*name++ = '.';
	}
	memcpy(name, suffix, sizeof(suffix));
}

static bool make_text(const struct tw_lookup *lookup, char *name)
{
	const char *given = lookup->name;
	struct in6_addr address;
	size_t length = strlen(given);

	if (!lookup->is_reverse) {
		if (length < TROWEL_NAME_TEXT_SIZE)
			memcpy(name, given, length + 1);
		return length < TROWEL_NAME_TEXT_SIZE;
	}
	if (inet_pton(AF_INET6, given, &address) != 1)
		return reverse_ipv4(given, name);
	reverse_ipv6(&address, name);
	return true;
}

bool tw_name_is_address(const char *word)
{
	uint8_t octets[16];

	return inet_pton(AF_INET, word, octets) == 1 ||
		inet_pton(AF_INET6, word, octets) == 1;
}
