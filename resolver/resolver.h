/* SPDX-License-Identifier: MIT */
/*
 * Lookups: ask recursive servers over UDP, and over TCP where an answer does
 * not fit, and believe only what can be checked (RFC 5452).
 *
 * A context (struct trowel) belongs to one thread at a time; contexts know
 * nothing of each other, and there are no globals. Each query by UDP has a port
 * and an id of its own. Queries by TCP share a connection to their server, which
 * is closed when nobody has used it for 10 s, at the next call. Where no
 * descriptor is left, a lookup waits for one, up to its deadline.
 *
 * A context can be used on both sides of a fork(). Requests that are on their
 * way then are the parent's; in the child they end with TROWEL_SYSTEM_ERROR. No
 * call may be left in the middle, by longjmp() or pthread_cancel().
 */
#ifndef TROWEL_RESOLVER_H
#define TROWEL_RESOLVER_H

#include <trowel/engine.h>
#include <trowel/wire.h>

/* C++ would rather have no function of a struct's name, and no array without a
 * length; as C, they are what they are to the ABI. */
#ifdef __cplusplus
#ifdef __GNUC__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wshadow"
#endif
extern "C" {
#endif

#define TROWEL_SEARCH_SIZE 1024 /* octets of all search domains together */
#define TROWEL_PORT 53

struct addrinfo; /* of <netdb.h> */
struct pollfd; /* of <poll.h> */

/* ------------------------------------------------------------- addresses */

/* An IPv4 or IPv6 address, with the port and scope where they matter. */
struct trowel_address {
	uint8_t family; /* 4 or 6 */
	uint8_t octets[16]; /* the first 4 of them for IPv4 */
	uint16_t port; /* 0: none given */
	uint32_t scope; /* of a link-local IPv6 address: interface index */
};
#define TROWEL_ADDRESS_TEXT_SIZE 80

/* Reads "192.0.2.1", "192.0.2.1:53", "2001:db8::1", "[2001:db8::1]:53",
 * "fe80::1%eth0" or "fe80::1%2". IPv4 in four decimal parts alone (no octal,
 * hex or short forms), nothing before or after.
 * Errors: TROWEL_BAD_ADDRESS (*address is all zero then). */
TROWEL_API enum trowel_status trowel_address_parse(
	const char *text, struct trowel_address *address);

/* Writes the address as text, without its port, with its scope and a NUL.
 * Returns the number of characters. */
TROWEL_API size_t trowel_address_format(const struct trowel_address *address,
	char text[TROWEL_ADDRESS_TEXT_SIZE]);

/* --------------------------------------------------------------- options */

enum trowel_option_flag {
	TROWEL_ROTATE = 1, /* each lookup starts with another server */
	TROWEL_USE_TCP = 2, /* from the start */
	TROWEL_TRUST_AD =
		4, /* AD is asked for, and told as the server has it */
	TROWEL_NO_AAAA = 8, /* no IPv6 addresses are asked for */
	TROWEL_NO_TLD_QUERY = 16, /* no name without a dot as it is */
	TROWEL_SINGLE_REQUEST = 32, /* A and AAAA one after the other */
	TROWEL_COOKIES = 64, /* RFC 7873; options to be sent have none then */
	TROWEL_MIX_CASE = 128, /* letters of either case, to be echoed */
	TROWEL_NO_EDNS = 256
};

/* Where the addresses of a host may come from. */
enum trowel_source {
	TROWEL_SOURCE_NONE,
	TROWEL_SOURCE_FILES, /* /etc/hosts */
	TROWEL_SOURCE_DNS
};

/* What became of a message or an attempt. */
enum trowel_event {
	TROWEL_TRACE_SERVER, /* another server than before is asked */
	TROWEL_TRACE_SENT,
	TROWEL_TRACE_RECEIVED, /* a reply to this attempt */
	TROWEL_TRACE_DROPPED, /* none: `reason` */
	TROWEL_TRACE_ENDED /* the attempt, without an answer: its outcome */
};

/* What a context tells while it works; good during the call alone, in which
 * no function of this context may be called. */
struct trowel_trace {
	uint8_t event; /* enum trowel_event */
	uint8_t reason; /* enum trowel_reason */
	uint32_t id; /* of the request, as trowel_start() gave it */
	const struct trowel_attempt *attempt;
	const struct trowel_address *server;
	const uint8_t *octets; /* of the message sent or received */
	size_t length;
};

/* How a context looks things up. Start from trowel_options_init(). */
struct trowel_options {
	unsigned flags; /* enum trowel_option_flag, or-ed */
	uint8_t server_count;
	uint8_t ndots; /* dots from which a name is tried as it is first */
	uint8_t attempts; /* tries at each server, up to 16; 0, the default: 2
			     with a timeout, else as many as there is time
			     for, while it is silent */
	uint32_t timeout_ms; /* of each try; 0: 400 ms, doubled each round */
	uint32_t deadline_ms; /* of a lookup; default 10,000 */
	uint16_t search_length;
	uint8_t sources[2]; /* enum trowel_source, in their order */
	/* The next two must stay where they are as long as the context. */
	const char *path; /* of a file to be read again when it has changed,
			     which is looked for once a second; NULL: never */
	const char *hosts; /* NULL: there is none */
	void (*trace)(void *user, const struct trowel_trace *trace); /* NULL:
									none */
	void *trace_user;
	struct trowel_address servers[TROWEL_SERVERS_MAX];
	uint8_t search[TROWEL_SEARCH_SIZE]; /* names in wire form, one after
					       another */
};

/* The defaults: no server, no search list, ndots 1. */
TROWEL_API void trowel_options_init(struct trowel_options *options);

/* Adds what a file in the form of resolv.conf(5) says, `path` NULL being
 * /etc/resolv.conf: `nameserver` (also "[addr]:port" and "addr%scope"), `search`,
 * `domain`, and `options`: ndots, timeout, attempts, rotate, use-vc, trust-ad,
 * no-aaaa, no-tld-query, single-request and -reopen, no-reload; a minus clears
 * one of those without a number. What it does not know is passed over, and so
 * are servers that are no single host (0.0.0.0, ::, broadcast, multicast);
 * numbers out of range become the nearest in range (ndots 0 to 15, timeout 1 to
 * 30 s, attempts 1 to 5, as in glibc). With a timeout, the deadline is at least
 * what all tries at all servers take. Of a file over 1 MiB, the start is read; a
 * file that is missing counts as an empty one. Where no server comes out of it,
 * 127.0.0.1 is put there, and where no search list does, the domain of the
 * host's name, as resolv.conf(5) has it.
 * LOCALDOMAIN, if it is set, takes the search list's place, and RES_OPTIONS adds
 * to the options, but not in a program that runs with more rights than its user
 * has. `sources` are as in the `hosts:` line of /etc/nsswitch.conf.
 * A context reads the file again when it has changed: servers, search list, and
 * what `options` can say are then as in the file alone, and all else as it was.
 * Lookups that are on their way keep their servers.
 * Errors: TROWEL_CANNOT_READ with errno set (EISDIR, EINVAL: no regular file),
 * TROWEL_NO_MEMORY; *options is as it was then. */
TROWEL_API enum trowel_status trowel_options_load(
	struct trowel_options *options, const char *path);

/* Adds one server, as text; no file is read again then. Errors:
 * TROWEL_BAD_ADDRESS, TROWEL_NO_SPACE over TROWEL_SERVERS_MAX. */
static inline enum trowel_status trowel_options_add_server(
	struct trowel_options *options, const char *text)
{
	struct trowel_address address;
	enum trowel_status status = trowel_address_parse(text, &address);

	if (status == TROWEL_OK && options->server_count >= TROWEL_SERVERS_MAX)
		status = TROWEL_NO_SPACE;
	if (status == TROWEL_OK) {
		options->servers[options->server_count++] = address;
		options->path = NULL;
	}
	return status;
}

/* --------------------------------------------------------------- context */

struct trowel;

/* Makes a context; *options is copied. trowel_close() gives it up.
 * Errors: TROWEL_NO_SERVERS, TROWEL_BAD_ARGUMENT (counts over their limits),
 * TROWEL_NO_MEMORY; *t is NULL then. */
TROWEL_API enum trowel_status trowel_open(
	struct trowel **t, const struct trowel_options *options);

/* Gives up a context and all that it holds. NULL is fine. Answers live on. */
TROWEL_API void trowel_close(struct trowel *t);

/* --------------------------------------------------------------- lookups */

enum trowel_ask_flag {
	TROWEL_ASK_NO_RECURSION = 1, /* RD=0 */
	TROWEL_ASK_AD = 2, /* "tell me whether it is authentic", RFC 6840 5.7 */
	TROWEL_ASK_CD = 4,
	TROWEL_ASK_DO = 8, /* DNSSEC records, please; needs EDNS */
	TROWEL_ASK_NO_EDNS = 16,
	TROWEL_ASK_TCP = 32, /* TCP from the start */
	TROWEL_ASK_KEEP_TRUNCATED = 64, /* TC=1 is an answer like another */
	TROWEL_ASK_ANY_RCODE = 128, /* and so is SERVFAIL, REFUSED, ... */
	TROWEL_ASK_KEEP_MALFORMED = 256, /* and one that cannot be read: its
					    octets are in the answer */
	TROWEL_ASK_NO_FALLBACK = 512, /* EDNS stays as it was asked for */
	TROWEL_ASK_SET_ID = 1024, /* `id` is that of each query */
	TROWEL_ASK_EXACT = 2048, /* class_code and udp_size 0 mean 0, and AD is
				    asked for and told without a change */
	TROWEL_ASK_NO_QUESTION = 4096 /* a header, and an OPT: of the name and
					 type, nothing is sent */
};

/* What one lookup wants differently from the context. All zero: nothing. */
struct trowel_ask {
	unsigned flags; /* enum trowel_ask_flag, or-ed */
	uint16_t class_code; /* 0: IN */
	uint16_t udp_size; /* 0: 1232 */
	uint8_t attempts; /* 0: as in the options */
	uint8_t edns_version;
	uint16_t edns_flags; /* besides DO; needs EDNS */
	uint32_t timeout_ms; /* 0: as in the options */
	uint32_t deadline_ms; /* 0: as in the options */
	uint16_t options_length;
	const uint8_t *options; /* EDNS options in wire form */
	uint8_t opcode; /* 0: QUERY */
	uint8_t server; /* 0: all of them; else the one to ask, from 1 */
	uint16_t header_flags; /* AA, TC, RA, Z: besides those of `flags` */
	uint16_t id; /* with TROWEL_ASK_SET_ID */
	struct trowel_address source; /* of the queries; family 0: any. Its
					 port 0: a random one */
};

#define TROWEL_NO_EDE 0xFFFF

/* What a lookup found, or how it failed. */
struct trowel_answer {
	enum trowel_status status; /* what the call returned */
	uint16_t rcode; /* 12 bits; valid with a message */
	uint16_t ede_code; /* why it is so (RFC 8914): TROWEL_NO_EDE: unsaid */
	uint16_t ede_text; /* offset in the message: UTF-8, without a NUL */
	uint16_t ede_length; /* of the text */
	uint32_t ttl_s; /* the least of the records that answer */
	uint16_t attempt; /* which attempt brought the message */
	uint16_t attempt_count;
	const struct trowel_attempt *attempts;
	const struct trowel_address *servers; /* of which attempts speak, by
						 index; `port` is set */
	struct trowel_message message; /* message.octets NULL: none came */
	struct trowel_fault fault; /* with TROWEL_MALFORMED_ANSWER */
	struct trowel_name name; /* the end of the CNAMEs: canonical name */
};

/* Looks up one question and waits for the end. `name` is taken as it is, with
 * or without its final dot: the search list is not used.
 * TROWEL_OK: a reply came; its RCODE is data. Where all servers failed
 * (SERVFAIL, REFUSED, NOTIMP, FORMERR, lame), the best of their replies is it.
 * AD in it is cleared unless it was asked for, or is trusted (TROWEL_TRUST_AD).
 * Errors of a lookup: TROWEL_TIMED_OUT, TROWEL_UNREACHABLE,
 * TROWEL_CONNECTION_CLOSED, TROWEL_MALFORMED_ANSWER, TROWEL_SYSTEM_ERROR; then
 * *answer holds the attempts and no message (but a malformed one where
 * TROWEL_ASK_KEEP_MALFORMED asked for it: as far as it goes). Errors before it:
 * those of trowel_name_parse(), TROWEL_MESSAGE_TOO_LONG (options that do not
 * fit), TROWEL_BAD_ARGUMENT (attempts, times or the server out of range),
 * TROWEL_NO_RANDOM, TROWEL_NO_MEMORY; then *answer is NULL.
 * An *answer that is not NULL is the caller's: trowel_answer_free(). */
TROWEL_API enum trowel_status trowel_query(struct trowel *t, const char *name,
	uint16_t type, const struct trowel_ask *ask,
	struct trowel_answer **answer);

/* Frees an answer, its message and attempts. NULL is fine. */
TROWEL_API void trowel_answer_free(struct trowel_answer *answer);

/* ------------------------------------------------------ hosts' addresses */

enum trowel_addresses_flag {
	TROWEL_IPV4_ONLY = 1,
	TROWEL_IPV6_ONLY = 2,
	TROWEL_NO_SEARCH = 4, /* the name as it is, without the search list */
	TROWEL_EARLY = 8, /* 50 ms after one family is there, the other is no
			     longer waited for (RFC 8305 3) */
	TROWEL_ADDRINFO = 16, /* list->addrinfo, too */
	/* AI_NUMERICHOST and so on of getaddrinfo(), RFC 3493 6.1 */
	TROWEL_NUMERIC_HOST = 32, /* text of an address alone */
	TROWEL_ADDRCONFIG =
		64, /* no family that the system has no address of */
	TROWEL_V4MAPPED = 128, /* with TROWEL_IPV6_ONLY: ::ffff:192.0.2.1 where
				  there are no others */
	TROWEL_ALL = 256, /* with TROWEL_V4MAPPED: beside others, too */
	TROWEL_PASSIVE = 512 /* without a host: any address, for bind() */
};

/* Where a service is to be had, RFC 2782 and RFC 9460. */
struct trowel_target {
	uint16_t priority; /* less is better */
	uint16_t weight; /* of an SRV record */
	uint16_t port; /* 0: none is known */
	uint32_t first; /* index of its addresses in those of the list */
	uint32_t count; /* of them; 0: none were found */
	struct trowel_record record; /* in list->answer; of type 0 if there is
					none: for trowel_field_next() */
	struct trowel_name name; /* of the host */
};

/* The addresses of a host or of a service's hosts, or the name of an address. */
struct trowel_list {
	enum trowel_status status; /* what the call returned */
	uint32_t ttl_s; /* the least of all records used */
	struct trowel_answer *ipv4; /* the lookups behind it, NULL if none */
	struct trowel_answer *ipv6;
	struct trowel_answer *answer; /* of names and services likewise */
	uint8_t missing; /* 4 or 6: that family was not waited for */
	uint8_t target_count;
	size_t count; /* of addresses */
	const struct trowel_target *targets; /* of a service, best first */
	const struct addrinfo *addrinfo; /* with TROWEL_ADDRINFO: the addresses
					    for <netdb.h>, SOCK_STREAM; the first
					    has the canonical name */
	struct trowel_name name; /* the canonical name; at a failure, the one
				    asked for; the root for a numeric host */
	struct trowel_address addresses[]; /* `port` is the service's */
};

/* Looks up the addresses of a host. `service` is a port in decimal, or NULL (a
 * service's name is not: getservbyname() shares its result with all threads).
 * A numeric address is given back without a query, and so are those of
 * localhost (RFC 6761 6.3), which is also meant by a host that is NULL; a name
 * under .onion has none (RFC 7686). Else the sources of the options are gone
 * through. The hosts file is asked for the name as it is; in the DNS, a name
 * with fewer dots than ndots is tried with the search list first, one with a
 * final dot as it is alone. The addresses are in the order of RFC 6724; of more
 * than 128, the first 128.
 * A and AAAA are asked for side by side, each on sockets of its own, and when
 * one fails and the other does not, the other is the result. Once one is there,
 * the other is waited for as long as four times what the first took, but at
 * least 2 s, in which two queries may be lost: a server that keeps silent on
 * AAAA costs no more than that, and one that is merely slow costs no addresses.
 * Errors: TROWEL_NO_SUCH_NAME, TROWEL_NO_DATA, TROWEL_SERVER_FAILED,
 * TROWEL_ALIAS_LOOP, TROWEL_ALIAS_CONFLICT, and those of trowel_query();
 * TROWEL_BAD_ADDRESS (text that looks like an address, but is none: "127.1",
 * "192.0.2.1:53"; with TROWEL_NUMERIC_HOST, all that is none); TROWEL_BAD_ARGUMENT (a service that is no port, both
 * families excluded, or a host with octets outside 0x21 to 0x7E: names in
 * other scripts must be in their ASCII form, RFC 5891).
 * *list is the caller's, if it is not NULL (it may hold the answers of a
 * failure): trowel_list_free(). */
TROWEL_API enum trowel_status trowel_addresses(struct trowel *t,
	const char *host, const char *service, unsigned flags,
	const struct trowel_ask *ask, struct trowel_list **list);

/* Frees a list and its answers. NULL is fine. */
TROWEL_API void trowel_list_free(struct trowel_list *list);

/* Looks up the name of an address: in the hosts file, and by PTR. list->name is
 * the first that can be a host's, list->answer the lookup, and the address is
 * the list's only one. Errors: as trowel_addresses() has them; TROWEL_NO_DATA
 * also where no name can be a host's, TROWEL_BAD_ADDRESS where the family is
 * neither 4 nor 6. */
TROWEL_API enum trowel_status trowel_reverse(struct trowel *t,
	const struct trowel_address *address, const struct trowel_ask *ask,
	struct trowel_list **list);

/* Looks up where a service is to be had, with the addresses there. `type` is
 * SRV (RFC 2782; `name` like "_imaps._tcp.example.com"), HTTPS or SVCB (RFC
 * 9460; a host, or "_8443._https.example.com"; aliases are followed, 8 at
 * most). The targets stand in the order in which they are to be tried, those of
 * one priority shuffled by their weights. `service` is the port, in decimal,
 * where HTTPS or SVCB give none; where there are no such records, the host
 * itself is the target. Records with a mandatory parameter that no RFC up to
 * 9460 has are left out. At most 32 targets, of which 8 are looked up side by
 * side; hints in the records are not used.
 * list->answer is the lookup of the records.
 * Errors: as trowel_addresses() has them; TROWEL_NO_DATA also where the target
 * "." says that there is no such service; TROWEL_ALIAS_LOOP;
 * TROWEL_BAD_ARGUMENT for other types. */
TROWEL_API enum trowel_status trowel_services(struct trowel *t,
	const char *name, uint16_t type, const char *service,
	const struct trowel_ask *ask, struct trowel_list **list);

/* ------------------------------------------------------- without waiting */

/*
 * The same for programs that wait by themselves, and without callbacks:
 * trowel_start() as often as wanted; then poll() for trowel_fd(), or for what
 * trowel_pollfds() gives, no longer than trowel_wait_ms(); then trowel_next()
 * until it gives nothing. The calls above may be mixed with these: while they
 * wait, other requests go on.
 */

enum trowel_request_kind {
	TROWEL_REQUEST_QUERY,
	TROWEL_REQUEST_ADDRESSES,
	TROWEL_REQUEST_REVERSE,
	TROWEL_REQUEST_SERVICES
};

/* All of it is the caller's again when trowel_start() returns. */
struct trowel_request {
	uint8_t kind; /* enum trowel_request_kind */
	uint16_t type; /* of records: a query's; SRV, HTTPS, SVCB of services */
	unsigned flags; /* enum trowel_addresses_flag, or-ed */
	const char *name; /* or host; of REVERSE an address as text */
	const char *service; /* a port in decimal, or NULL */
	const struct trowel_ask *ask; /* or NULL */
};

/* A request that has ended. */
struct trowel_done {
	uint32_t id;
	void *user; /* as given to trowel_start() */
	enum trowel_status status; /* as the call that waits would return */
	struct trowel_answer *answer; /* of a query; the caller's, or NULL */
	struct trowel_list *list; /* of the others; the caller's, or NULL */
};

/* Starts a request. Its *id is not 0. The errors are those that the call that
 * waits has before anything is sent, and TROWEL_BAD_ARGUMENT for a kind that is
 * none; nothing was started then. */
TROWEL_API enum trowel_status trowel_start(struct trowel *t,
	const struct trowel_request *request, void *user, uint32_t *id);

/* One descriptor that becomes readable when trowel_next() has something to do,
 * of all requests together, and stays the same as long as the context. -1: the
 * system has no such thing, or no descriptor is left. */
TROWEL_API int trowel_fd(struct trowel *t);

/* What poll() is to wait for, where trowel_fd() is not wanted: writes as much
 * as there is room for, and returns how many there are. They are good until
 * the next call for this context. */
TROWEL_API size_t trowel_pollfds(
	struct trowel *t, struct pollfd *fds, size_t size);

/* How long poll() may wait, in milliseconds, as it wants it; -1: for ever. */
TROWEL_API int trowel_wait_ms(struct trowel *t);

/* Does what can be done without waiting, and hands out one request that has
 * ended. False: none has. */
TROWEL_API bool trowel_next(struct trowel *t, struct trowel_done *done);

/* Gives up a request: nothing of it will be handed out. False: it is not
 * there, or no more. */
TROWEL_API bool trowel_cancel(struct trowel *t, uint32_t id);

#ifdef __cplusplus
}
#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif
#endif

#endif
