/* SPDX-License-Identifier: MIT */
/*
 * libnss_trowel.so.2, a service of the name service switch (nsswitch.conf(5)):
 * with `hosts: files trowel`, getaddrinfo() and its like ask the DNS by this
 * library. Each call has a context of its own, as any thread may make it at any
 * time; the hosts file is left to the service `files`.
 *
 * What is found is put into the caller's buffer. One that is too small is
 * ERANGE, and the caller comes back with a larger one.
 */
#include <errno.h>
#include <netdb.h>
#include <nss.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include <trowel/resolver.h>

/* What is left of the caller's buffer. */
struct room {
	char *at;
	size_t left;
};

/* Where a call says how it failed. */
struct verdict {
	int *error;
	int *h_error;
};

TROWEL_API nss_gethostbyname4_r _nss_trowel_gethostbyname4_r;
TROWEL_API nss_gethostbyname3_r _nss_trowel_gethostbyname3_r;
TROWEL_API nss_gethostbyname2_r _nss_trowel_gethostbyname2_r;
TROWEL_API nss_gethostbyname_r _nss_trowel_gethostbyname_r;
TROWEL_API nss_gethostbyaddr2_r _nss_trowel_gethostbyaddr2_r;
TROWEL_API nss_gethostbyaddr_r _nss_trowel_gethostbyaddr_r;

static enum nss_status look_up(const char *host, unsigned flags,
	const struct trowel_address *address, struct trowel_list **list,
	const struct verdict *verdict);
static enum nss_status judge(
	enum trowel_status status, const struct verdict *verdict);
static enum nss_status say(const struct verdict *verdict,
	enum nss_status status, int error, int h_error);
static enum nss_status say_too_small(const struct verdict *verdict);
static bool fill_tuples(const struct trowel_list *list,
	struct gaih_addrtuple **tuple, struct room *room);
static bool fill_host(const struct trowel_list *list, const char *asked,
	struct hostent *host, struct room *room);
static char *take_name(const struct trowel_name *name, struct room *room);
static void *take(struct room *room, size_t size);
static void set_ttl(const struct trowel_list *list, int32_t *ttl_s);

enum nss_status _nss_trowel_gethostbyname4_r(const char *name,
	struct gaih_addrtuple **tuple, char *buffer, size_t length, int *error,
	int *h_error, int32_t *ttl_s)
{
	struct verdict verdict = { error, h_error };
	struct room room = { buffer, length };
	struct trowel_list *list;
	enum nss_status status = look_up(name, 0, NULL, &list, &verdict);

	if (status == NSS_STATUS_SUCCESS && !fill_tuples(list, tuple, &room))
		status = say_too_small(&verdict);
	if (status == NSS_STATUS_SUCCESS)
		set_ttl(list, ttl_s);
	trowel_list_free(list);
	return status;
}

enum nss_status _nss_trowel_gethostbyname3_r(const char *name, int family,
	struct hostent *host, char *buffer, size_t length, int *error,
	int *h_error, int32_t *ttl_s, char **canonical)
{
	unsigned flags =
		family == AF_INET6 ? TROWEL_IPV6_ONLY : TROWEL_IPV4_ONLY;
	struct verdict verdict = { error, h_error };
	struct room room = { buffer, length };
	struct trowel_list *list;
	enum nss_status status;

	if (family != AF_INET && family != AF_INET6)
		return say(&verdict, NSS_STATUS_UNAVAIL, EAFNOSUPPORT, NO_DATA);
	status = look_up(name, flags, NULL, &list, &verdict);
	if (status == NSS_STATUS_SUCCESS && !fill_host(list, name, host, &room))
		status = say_too_small(&verdict);
	if (status == NSS_STATUS_SUCCESS) {
		set_ttl(list, ttl_s);
		if (canonical != NULL)
			*canonical = host->h_name;
	}
	trowel_list_free(list);
	return status;
}

enum nss_status _nss_trowel_gethostbyname2_r(const char *name, int family,
	struct hostent *host, char *buffer, size_t length, int *error,
	int *h_error)
{
	return _nss_trowel_gethostbyname3_r(
		name, family, host, buffer, length, error, h_error, NULL, NULL);
}

enum nss_status _nss_trowel_gethostbyname_r(const char *name,
	struct hostent *host, char *buffer, size_t length, int *error,
	int *h_error)
{
	return _nss_trowel_gethostbyname2_r(
		name, AF_INET, host, buffer, length, error, h_error);
}

enum nss_status _nss_trowel_gethostbyaddr2_r(const void *octets, socklen_t size,
	int family, struct hostent *host, char *buffer, size_t length,
	int *error, int *h_error, int32_t *ttl_s)
{
	struct trowel_address address = { .family =
						  family == AF_INET6 ? 6 : 4 };
	struct verdict verdict = { error, h_error };
	struct room room = { buffer, length };
	struct trowel_list *list;
	enum nss_status status;

	if (size != (family == AF_INET6 ? 16 : 4) ||
		(family != AF_INET && family != AF_INET6))
		return say(&verdict, NSS_STATUS_UNAVAIL, EAFNOSUPPORT, NO_DATA);
	memcpy(address.octets, octets, size);
	status = look_up(NULL, 0, &address, &list, &verdict);
	if (status == NSS_STATUS_SUCCESS && !fill_host(list, NULL, host, &room))
		status = say_too_small(&verdict);
	if (status == NSS_STATUS_SUCCESS)
		set_ttl(list, ttl_s);
	trowel_list_free(list);
	return status;
}

enum nss_status _nss_trowel_gethostbyaddr_r(const void *octets, socklen_t size,
	int family, struct hostent *host, char *buffer, size_t length,
	int *error, int *h_error)
{
	return _nss_trowel_gethostbyaddr2_r(octets, size, family, host, buffer,
		length, error, h_error, NULL);
}

/* The addresses of a host; or the name of an address, unless NULL. */
static enum nss_status look_up(const char *host, unsigned flags,
	const struct trowel_address *address, struct trowel_list **list,
	const struct verdict *verdict)
{
	struct trowel_options options;
	struct trowel *t = NULL;
	enum trowel_status status;
	int before = errno;

	*list = NULL;
	trowel_options_init(&options);
	status = trowel_options_load(&options, NULL);
	options.sources[0] = TROWEL_SOURCE_DNS;
	options.sources[1] = TROWEL_SOURCE_NONE;
	if (status == TROWEL_OK)
		status = trowel_open(&t, &options);
	if (status == TROWEL_OK && address != NULL)
		status = trowel_reverse(t, address, NULL, list);
	else if (status == TROWEL_OK)
		status = trowel_addresses(t, host, NULL, flags, NULL, list);
	trowel_close(t);
	errno = before;
	return judge(status, verdict);
}

/* What may be otherwise next time is told apart from what is so. */
static enum nss_status judge(
	enum trowel_status status, const struct verdict *verdict)
{
	switch (status) {
	case TROWEL_OK:
		return NSS_STATUS_SUCCESS;
	case TROWEL_NO_DATA:
		return say(verdict, NSS_STATUS_NOTFOUND, ENOENT, NO_DATA);
	case TROWEL_NO_MEMORY:
		return say(
			verdict, NSS_STATUS_TRYAGAIN, ENOMEM, NETDB_INTERNAL);
	case TROWEL_TIMED_OUT:
	case TROWEL_UNREACHABLE:
	case TROWEL_MALFORMED_ANSWER:
	case TROWEL_CONNECTION_CLOSED:
	case TROWEL_SERVER_FAILED:
	case TROWEL_SYSTEM_ERROR:
	case TROWEL_NO_RANDOM:
		return say(verdict, NSS_STATUS_TRYAGAIN, EAGAIN, TRY_AGAIN);
	case TROWEL_CANNOT_READ:
		return say(verdict, NSS_STATUS_UNAVAIL, EIO, NO_RECOVERY);
	default: /* NXDOMAIN; and what is no name of a host */
		return say(
			verdict, NSS_STATUS_NOTFOUND, ENOENT, HOST_NOT_FOUND);
	}
}

static enum nss_status say(const struct verdict *verdict,
	enum nss_status status, int error, int h_error)
{
	*verdict->error = error;
	*verdict->h_error = h_error;
	return status;
}

static enum nss_status say_too_small(const struct verdict *verdict)
{
	return say(verdict, NSS_STATUS_TRYAGAIN, ERANGE, NETDB_INTERNAL);
}

/* The first tuple is the caller's, where he has one. */
static bool fill_tuples(const struct trowel_list *list,
	struct gaih_addrtuple **tuple, struct room *room)
{
	struct gaih_addrtuple *tuples =
		take(room, list->count * sizeof(*tuples));
	char *name = take_name(&list->name, room);

	if (tuples == NULL || name == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		const struct trowel_address *address = &list->addresses[i];

		tuples[i] = (struct gaih_addrtuple){
			.family = address->family == 6 ? AF_INET6 : AF_INET,
			.scopeid = address->scope,
		};
		memcpy(tuples[i].addr, address->octets,
			address->family == 6 ? 16 : 4);
		if (i + 1 < list->count)
			tuples[i].next = &tuples[i + 1];
	}
	tuples[0].name = name;
	if (*tuple != NULL)
		**tuple = tuples[0];
	else
		*tuple = tuples;
	return true;
}

/* All addresses of a list are of one family. The name that was asked for is an
 * alias, where it is not the canonical one. */
static bool fill_host(const struct trowel_list *list, const char *asked,
	struct hostent *host, struct room *room)
{
	size_t size = list->addresses[0].family == 6 ? 16 : 4;
	char **addresses = take(room, (list->count + 1) * sizeof(*addresses));
	char *octets = take(room, list->count * size);
	char **aliases = take(room, 2 * sizeof(*aliases));
	char *name = take_name(&list->name, room);
	char *alias = NULL;

	if (asked != NULL && name != NULL && strcasecmp(asked, name) != 0) {
		alias = take(room, strlen(asked) + 1);
		if (alias == NULL)
			return false;
		strcpy(alias, asked);
	}
	if (addresses == NULL || octets == NULL || aliases == NULL ||
		name == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		addresses[i] = octets + i * size;
		memcpy(addresses[i], list->addresses[i].octets, size);
	}
	addresses[list->count] = NULL;
	aliases[0] = alias;
	aliases[1] = NULL;
	*host = (struct hostent){ .h_name = name,
		.h_aliases = aliases,
		.h_addrtype = size == 16 ? AF_INET6 : AF_INET,
		.h_length = (int)size,
		.h_addr_list = addresses };
	return true;
}

/* As programs want it: without its final dot. */
static char *take_name(const struct trowel_name *name, struct room *room)
{
	char text[TROWEL_NAME_TEXT_SIZE];
	size_t length = trowel_name_format(name, text);
	char *taken;

	if (length > 1)
		text[--length] = '\0';
	taken = take(room, length + 1);
	if (taken != NULL)
		memcpy(taken, text, length + 1);
	return taken;
}

/* Octets of the buffer, for anything. NULL: there are not as many. */
static void *take(struct room *room, size_t size)
{
	size_t over = (uintptr_t)room->at % sizeof(void *);
	size_t skipped = over > 0 ? sizeof(void *) - over : 0;
	char *taken = room->at + skipped;

	if (skipped > room->left || size > room->left - skipped)
		return NULL;
	room->at = taken + size;
	room->left -= skipped + size;
	return taken;
}

static void set_ttl(const struct trowel_list *list, int32_t *ttl_s)
{
	if (ttl_s != NULL)
		*ttl_s = list->ttl_s > INT32_MAX ? INT32_MAX
						 : (int32_t)list->ttl_s;
}
