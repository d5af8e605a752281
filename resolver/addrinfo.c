/* SPDX-License-Identifier: MIT */
/*
 * The addresses of a host:
 * 1. An address as text is its own answer; text that only looks like one is
 *    refused. So are octets that no host's name has.
 * 2. localhost is this host (RFC 6761 6.3), .onion is not asked for (RFC 7686
 *    2); neither needs a query.
 * 3. Else the candidates are tried in turn: the name as it is first if it has
 *    ndots dots, and last if it has not; between, with each search domain. A
 *    final dot leaves only the name as it is.
 * 4. For a candidate, A and AAAA are asked side by side. Any address ends the
 *    search.
 * 5. NXDOMAIN, NODATA and a failure of all servers go on to the next candidate;
 *    silence and errors of the network do not: they would be the same again.
 * 6. If no candidate has addresses, NODATA comes before SERVFAIL and that
 *    before NXDOMAIN, as in glibc: it tells the most about the name.
 */
#include "resolver/addrinfo.h"

#include <stdlib.h>
#include <string.h>

#define TYPE_A 1
#define TYPE_AAAA 28
#define RCODE_NXDOMAIN 3

/* What is being looked for, and the best failure so far. */
struct hunt {
	struct trowel *t;
	struct trowel_ask ask;
	unsigned flags;
	uint16_t port;
	struct trowel_list *list; /* the result, or of the best failure */
};

static enum trowel_status parse_service(const char *service, uint16_t *port);
static enum trowel_status check_host(const char *host);
static bool ends_in_number(const char *host);
static bool is_printable(const char *host);
static enum trowel_status give_numeric(
	struct hunt *hunt, const struct trowel_address *address);
static bool is_under(const struct trowel_name *name, const char *top);
static enum trowel_status give_loopback(
	struct hunt *hunt, const struct trowel_name *name);
static enum trowel_status search(
	struct hunt *hunt, const struct trowel_name *name, bool is_whole);
static bool try_domains(struct hunt *hunt, const struct trowel_name *name);
static size_t domain_length(const struct trowel_options *options, size_t at);
static bool try_name(struct hunt *hunt, const struct trowel_name *name);
static struct trowel_list *look_up(
	struct hunt *hunt, const struct trowel_name *name);
static enum trowel_status status_of(const struct tw_request *request);
static enum trowel_status merge(
	const struct tw_request *requests, size_t count);
static struct trowel_list *make_list(const struct hunt *hunt,
	const struct tw_request *requests, size_t count);
static size_t walk(const struct trowel_answer *answer, uint16_t port,
	struct trowel_address *addresses);
static struct trowel_list *new_list(enum trowel_status status, size_t count);
static unsigned rank(enum trowel_status status);
static size_t count_dots(const struct trowel_name *name);
static bool has_final_dot(const char *host);

enum trowel_status trowel_addresses(struct trowel *t, const char *host,
	const char *service, unsigned flags, const struct trowel_ask *ask,
	struct trowel_list **list)
{
	struct hunt hunt = { .t = t, .flags = flags };
	struct trowel_address address;
	struct trowel_name name;
	size_t position;
	enum trowel_status status = parse_service(service, &hunt.port);

	*list = NULL;
	if (ask != NULL)
		hunt.ask = *ask;
	hunt.ask.class_code = 0; /* hosts have addresses in class IN alone */
	if ((flags & TROWEL_IPV4_ONLY) && (flags & TROWEL_IPV6_ONLY))
		status = TROWEL_BAD_ARGUMENT;
	if (status != TROWEL_OK)
		return status;
	if (trowel_address_parse(host, &address) == TROWEL_OK) {
		status = give_numeric(&hunt, &address);
	} else {
		status = check_host(host);
		if (status == TROWEL_OK)
			status = trowel_name_parse(
				host, strlen(host), &name, &position);
		if (status != TROWEL_OK)
			return status;
		if (is_under(&name, "localhost"))
			status = give_loopback(&hunt, &name);
		else if (is_under(&name, "onion"))
			status = TROWEL_NO_SUCH_NAME;
		else
			status = search(&hunt, &name, has_final_dot(host));
	}
	*list = hunt.list;
	return status;
}

void trowel_list_free(struct trowel_list *list)
{
	if (list == NULL)
		return;
	trowel_answer_free(list->ipv4);
	trowel_answer_free(list->ipv6);
	free(list);
}

static enum trowel_status parse_service(const char *service, uint16_t *port)
{
	uint32_t value = 0;

	*port = 0;
	if (service == NULL)
		return TROWEL_OK;
	if (service[0] == '\0')
		return TROWEL_BAD_ARGUMENT;
	for (; *service != '\0'; service++) {
		if (*service < '0' || *service > '9')
			return TROWEL_BAD_ARGUMENT;
		value = value * 10 + (uint32_t)(*service - '0');
		if (value > UINT16_MAX)
			return TROWEL_BAD_ARGUMENT;
	}
	*port = (uint16_t)value;
	return TROWEL_OK;
}

static enum trowel_status check_host(const char *host)
{
	if (!is_printable(host))
		return TROWEL_BAD_ARGUMENT;
	return ends_in_number(host) ? TROWEL_BAD_ADDRESS : TROWEL_OK;
}

/* Whether the last label is 127, or 0x7f: no top-level domain is (RFC 3696 2),
 * but inet_aton() takes "127.1" and "0x7f.1" for addresses. Whoever checked
 * the text by it must not get an answer of the DNS instead. */
static bool ends_in_number(const char *host)
{
	const char *digits = "0123456789";
	size_t end = strlen(host);
	size_t start;

	if (end > 0 && host[end - 1] == '.')
		end--;
	start = end;
	while (start > 0 && host[start - 1] != '.')
		start--;
	if (end - start >= 2 && host[start] == '0' &&
		(host[start + 1] == 'x' || host[start + 1] == 'X')) {
		digits = "0123456789abcdefABCDEF";
		start += 2;
	} else if (start == end) {
		return false;
	}
	return strspn(host + start, digits) >= end - start;
}

/* UTF-8 is not what the DNS knows names by: IDNA (RFC 5890) comes first. */
static bool is_printable(const char *host)
{
	for (; *host != '\0'; host++)
		if (*host < 0x21 || *host > 0x7E)
			return false;
	return true;
}

static enum trowel_status give_numeric(
	struct hunt *hunt, const struct trowel_address *address)
{
	unsigned excluded =
		address->family == 4 ? TROWEL_IPV6_ONLY : TROWEL_IPV4_ONLY;

	if (address->port != 0) /* "192.0.2.1:53" is no host */
		return TROWEL_BAD_ADDRESS;
	if (hunt->flags & excluded)
		return TROWEL_NO_DATA;
	hunt->list = new_list(TROWEL_OK, 1);
	if (hunt->list == NULL)
		return TROWEL_NO_MEMORY;
	hunt->list->name.length = 1; /* the root, as there is none */
	hunt->list->addresses[0] = *address;
	hunt->list->addresses[0].port = hunt->port;
	return TROWEL_OK;
}

/* Whether a name is a top-level one, or under it. */
static bool is_under(const struct trowel_name *name, const char *top)
{
	struct trowel_name parent;
	struct trowel_name end = { .length = 0 };
	size_t start = 0;
	size_t position;

	/* to the last label before the root */
	for (size_t i = 0; name->octets[i] != 0; i += 1u + name->octets[i])
		start = i;
	end.length = (uint8_t)(name->length - start);
	memcpy(end.octets, name->octets + start, end.length);
	return trowel_name_parse(top, strlen(top), &parent, &position) ==
		TROWEL_OK &&
		trowel_name_is_equal(&end, &parent);
}

static enum trowel_status give_loopback(
	struct hunt *hunt, const struct trowel_name *name)
{
	static const struct trowel_address loopback[] = {
		{ .family = 6, .octets = { [15] = 1 } },
		{ .family = 4, .octets = { 127, 0, 0, 1 } },
	};
	unsigned excluded[] = { TROWEL_IPV4_ONLY, TROWEL_IPV6_ONLY };
	struct trowel_list *list = new_list(TROWEL_OK, 2);

	if (list == NULL)
		return TROWEL_NO_MEMORY;
	list->name = *name;
	list->count = 0;
	for (size_t i = 0; i < 2; i++) {
		if (hunt->flags & excluded[i])
			continue;
		list->addresses[list->count] = loopback[i];
		list->addresses[list->count++].port = hunt->port;
	}
	hunt->list = list;
	return TROWEL_OK;
}

static enum trowel_status search(
	struct hunt *hunt, const struct trowel_name *name, bool is_whole)
{
	bool as_it_is = is_whole || (hunt->flags & TROWEL_NO_SEARCH) != 0;
	bool first = as_it_is || count_dots(name) >= tw_options(hunt->t)->ndots;
	bool more = true;

	if (first)
		more = try_name(hunt, name);
	if (more && !as_it_is)
		more = try_domains(hunt, name);
	if (more && !first)
		try_name(hunt, name);
	return hunt->list != NULL ? hunt->list->status : TROWEL_NO_MEMORY;
}

/* Whether the search goes on. */
static bool try_domains(struct hunt *hunt, const struct trowel_name *name)
{
	const struct trowel_options *options = tw_options(hunt->t);
	size_t bare = name->length - 1u; /* without the root */
	size_t length;

	for (size_t at = 0; at < options->search_length; at += length) {
		struct trowel_name candidate = *name;

		length = domain_length(options, at);
		if (length == 0)
			return true;
		if (bare + length > TROWEL_NAME_MAX)
			continue; /* no such name can be */
		memcpy(candidate.octets + bare, options->search + at, length);
		candidate.length = (uint8_t)(bare + length);
		if (!try_name(hunt, &candidate))
			return false;
	}
	return true;
}

/* Of the domain at an offset; 0 where the caller's octets are no name. */
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

/* Whether the search goes on. The list of the better outcome stays. */
static bool try_name(struct hunt *hunt, const struct trowel_name *name)
{
	struct trowel_list *list = look_up(hunt, name);

	if (list != NULL && hunt->list != NULL &&
		rank(list->status) <= rank(hunt->list->status)) {
		trowel_list_free(list);
		return true;
	}
	trowel_list_free(hunt->list);
	hunt->list = list;
	return list != NULL && rank(list->status) <= rank(TROWEL_NO_DATA);
}

/* NULL: no memory. */
static struct trowel_list *look_up(
	struct hunt *hunt, const struct trowel_name *name)
{
	struct tw_request requests[2];
	size_t count = 0;
	struct trowel_list *list;

	if ((hunt->flags & TROWEL_IPV4_ONLY) == 0)
		requests[count++] =
			(struct tw_request){ .name = *name, .type = TYPE_AAAA };
	if ((hunt->flags & TROWEL_IPV6_ONLY) == 0)
		requests[count++] =
			(struct tw_request){ .name = *name, .type = TYPE_A };
	tw_run(hunt->t, &hunt->ask, requests, count);
	list = make_list(hunt, requests, count);
	for (size_t i = 0; list == NULL && i < count; i++)
		trowel_answer_free(requests[i].answer);
	return list;
}

static enum trowel_status status_of(const struct tw_request *request)
{
	const struct trowel_answer *answer = request->answer;
	struct trowel_chain chain;
	enum trowel_status status;
	uint8_t outcome;

	if (request->status != TROWEL_OK)
		return request->status;
	outcome = answer->attempts[answer->attempt].outcome;
	if (outcome == TROWEL_ATTEMPT_FAILED || outcome == TROWEL_ATTEMPT_LAME)
		return TROWEL_SERVER_FAILED;
	if (answer->rcode == RCODE_NXDOMAIN)
		return TROWEL_NO_SUCH_NAME;
	if (answer->rcode != 0)
		return TROWEL_SERVER_FAILED;
	status = trowel_chain_start(&chain, &answer->message);
	if (status != TROWEL_OK)
		return status;
	return walk(answer, 0, NULL) > 0 ? TROWEL_OK : TROWEL_NO_DATA;
}

/* Of both families: what one has is the result. NXDOMAIN is of the name, and
 * therefore of both; NODATA tells nothing about the other. */
static enum trowel_status merge(const struct tw_request *requests, size_t count)
{
	enum trowel_status merged = TROWEL_NO_DATA;

	for (size_t i = 0; i < count; i++) {
		enum trowel_status status = status_of(&requests[i]);

		if (status == TROWEL_OK || merged == TROWEL_OK)
			merged = TROWEL_OK;
		else if (status == TROWEL_NO_SUCH_NAME ||
			merged == TROWEL_NO_SUCH_NAME)
			merged = TROWEL_NO_SUCH_NAME;
		else if (merged == TROWEL_NO_DATA ||
			(status != TROWEL_NO_DATA &&
				rank(status) > rank(merged)))
			merged = status;
	}
	return merged;
}

/* Takes over the requests' answers. NULL: no memory. */
static struct trowel_list *make_list(const struct hunt *hunt,
	const struct tw_request *requests, size_t count)
{
	size_t size = 0;
	struct trowel_list *list;

	for (size_t i = 0; i < count; i++)
		if (status_of(&requests[i]) == TROWEL_OK)
			size += walk(requests[i].answer, 0, NULL);
	list = new_list(merge(requests, count), size);
	if (list == NULL)
		return NULL;
	list->name = requests[0].name;
	list->count = 0;
	for (size_t i = 0; i < count; i++) {
		struct trowel_answer *answer = requests[i].answer;

		if (requests[i].type == TYPE_A)
			list->ipv4 = answer;
		else
			list->ipv6 = answer;
		if (status_of(&requests[i]) != TROWEL_OK)
			continue;
		if (list->count == 0 || answer->ttl_s < list->ttl_s)
			list->ttl_s = answer->ttl_s;
		if (list->count == 0)
			list->name = answer->name;
		list->count +=
			walk(answer, hunt->port, list->addresses + list->count);
	}
	return list;
}

/* The addresses of an answer, counted and, unless NULL, written down. */
static size_t walk(const struct trowel_answer *answer, uint16_t port,
	struct trowel_address *addresses)
{
	const struct trowel_message *message = &answer->message;
	struct trowel_chain chain;
	struct trowel_record record;
	size_t count = 0;

	if (trowel_chain_start(&chain, message) != TROWEL_OK)
		return 0;
	while (trowel_chain_next(&chain, &record)) {
		struct trowel_address address = { .port = port };

		address.family = record.type == TYPE_A ? 4 : 6;
		if (record.rdata_length > sizeof(address.octets))
			continue;
		memcpy(address.octets, message->octets + record.rdata,
			record.rdata_length);
		if (addresses != NULL)
			addresses[count] = address;
		count++;
	}
	return count;
}

/* With room for `count` addresses, and at least one. NULL: no memory. */
static struct trowel_list *new_list(enum trowel_status status, size_t count)
{
	struct trowel_list *list = calloc(1,
		sizeof(*list) +
			(count > 0 ? count : 1) * sizeof(list->addresses[0]));

	if (list == NULL)
		return NULL;
	list->status = status;
	list->count = count;
	return list;
}

/* The order of outcomes (6. above); those up to NODATA let the search go on. */
static unsigned rank(enum trowel_status status)
{
	switch (status) {
	case TROWEL_NO_SUCH_NAME:
		return 0;
	case TROWEL_SERVER_FAILED:
	case TROWEL_ALIAS_LOOP:
	case TROWEL_ALIAS_CONFLICT:
		return 1;
	case TROWEL_NO_DATA:
		return 2;
	case TROWEL_OK:
		return 4;
	default:
		return 3;
	}
}

static size_t count_dots(const struct trowel_name *name)
{
	size_t labels = 0;

	for (size_t i = 0; name->octets[i] != 0; i += 1u + name->octets[i])
		labels++;
	return labels > 0 ? labels - 1 : 0;
}

/* A dot at the end that no backslash makes a part of the last label. */
static bool has_final_dot(const char *host)
{
	size_t length = strlen(host);
	size_t slashes = 0;

	if (length == 0 || host[length - 1] != '.')
		return false;
	while (slashes < length - 1 && host[length - 2 - slashes] == '\\')
		slashes++;
	return slashes % 2 == 0;
}
