/* SPDX-License-Identifier: MIT */
/*
 * The n-th call of a function of the system fails, for every n until there are
 * no more calls: lookups end with the right answer or a status that says why
 * not, and neither memory nor a descriptor is lost. The linker puts the
 * functions of this file before the C library's (--wrap).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <trowel/resolver.h>

#include "resolver/transport.h"
#include "tests/check.h"
#include "tests/server.h"

#define TYPE_A 1
#define TYPE_TXT 16
#define TYPE_SRV 33
#define SECOND_US 1000000
#define REQUESTS 3

/* ---- the functions */

enum function {
	MALLOC,
	CALLOC,
	REALLOC,
	MMAP,
	MADVISE,
	SOCKET,
	SETSOCKOPT,
	BIND,
	CONNECT,
	SEND,
	RECV,
	RECVMSG,
	POLL,
	EPOLL_CREATE,
	EPOLL_CTL,
	EPOLL_WAIT,
	TIMER_CREATE,
	TIMER_SET,
	CLOSE,
	GETRANDOM,
	FUNCTIONS
};

static enum function failing = FUNCTIONS;
static int failure; /* errno */
static unsigned left; /* calls until it fails */
static bool watched; /* during a run */
static unsigned calls[FUNCTIONS];
static long blocks; /* of memory that were not given back */

/* Whether this call is to fail. */
static bool fails(enum function function)
{
	if (!watched)
		return false;
	calls[function]++;
	if (function != failing || left == 0 || --left > 0)
		return false;
	errno = failure;
	return true;
}

static void *count_block(void *block)
{
	blocks += watched && block != NULL;
	return block;
}

/* clang-format off */
#define WRAP(type, name, parameters) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters
/* clang-format on */

WRAP(void *, malloc, (size_t size))
{
	return fails(MALLOC) ? NULL : count_block(__real_malloc(size));
}

WRAP(void *, calloc, (size_t count, size_t size))
{
	return fails(CALLOC) ? NULL : count_block(__real_calloc(count, size));
}

WRAP(void *, realloc, (void *block, size_t size))
{
	if (fails(REALLOC))
		return NULL;
	return block != NULL ? __real_realloc(block, size)
			     : count_block(__real_realloc(NULL, size));
}

WRAP(void, free, (void *block))
{
	blocks -= watched && block != NULL;
	__real_free(block);
}

WRAP(void *, mmap,
	(void *at, size_t size, int protection, int flags, int fd,
		off_t offset))
{
	if (fails(MMAP))
		return MAP_FAILED;
	return count_block(
		__real_mmap(at, size, protection, flags, fd, offset));
}

WRAP(int, munmap, (void *at, size_t size))
{
	blocks -= watched;
	return __real_munmap(at, size);
}

WRAP(int, madvise, (void *at, size_t size, int advice))
{
	return fails(MADVISE) ? -1 : __real_madvise(at, size, advice);
}

WRAP(int, socket, (int family, int type, int protocol))
{
	return fails(SOCKET) ? -1 : __real_socket(family, type, protocol);
}

WRAP(int, setsockopt,
	(int fd, int level, int option, const void *value, socklen_t size))
{
	return fails(SETSOCKOPT)
		? -1
		: __real_setsockopt(fd, level, option, value, size);
}

WRAP(int, bind, (int fd, const struct sockaddr *address, socklen_t size))
{
	return fails(BIND) ? -1 : __real_bind(fd, address, size);
}

WRAP(int, connect, (int fd, const struct sockaddr *address, socklen_t size))
{
	return fails(CONNECT) ? -1 : __real_connect(fd, address, size);
}

WRAP(ssize_t, send, (int fd, const void *octets, size_t length, int flags))
{
	return fails(SEND) ? -1 : __real_send(fd, octets, length, flags);
}

WRAP(ssize_t, recv, (int fd, void *octets, size_t length, int flags))
{
	return fails(RECV) ? -1 : __real_recv(fd, octets, length, flags);
}

WRAP(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags))
{
	return fails(RECVMSG) ? -1 : __real_recvmsg(fd, message, flags);
}

WRAP(int, poll, (struct pollfd * fds, nfds_t count, int left_ms))
{
	return fails(POLL) ? -1 : __real_poll(fds, count, left_ms);
}

/* What was to be closed is closed, also when a signal came. */
WRAP(int, close, (int fd))
{
	bool failed = fails(CLOSE);
	int result = __real_close(fd);

	if (failed)
		errno = failure;
	return failed ? -1 : result;
}

WRAP(ssize_t, getrandom, (void *octets, size_t length, unsigned flags))
{
	return fails(GETRANDOM) ? -1 : __real_getrandom(octets, length, flags);
}

struct epoll_event;
struct itimerspec;

WRAP(int, epoll_create1, (int flags))
{
	return fails(EPOLL_CREATE) ? -1 : __real_epoll_create1(flags);
}

WRAP(int, epoll_ctl,
	(int poller, int operation, int fd, struct epoll_event *event))
{
	return fails(EPOLL_CTL)
		? -1
		: __real_epoll_ctl(poller, operation, fd, event);
}

WRAP(int, epoll_wait,
	(int poller, struct epoll_event *events, int size, int left_ms))
{
	return fails(EPOLL_WAIT)
		? -1
		: __real_epoll_wait(poller, events, size, left_ms);
}

WRAP(int, timerfd_create, (int clock, int flags))
{
	return fails(TIMER_CREATE) ? -1 : __real_timerfd_create(clock, flags);
}

WRAP(int, timerfd_settime,
	(int timer, int flags, const struct itimerspec *time,
		struct itimerspec *before))
{
	return fails(TIMER_SET)
		? -1
		: __real_timerfd_settime(timer, flags, time, before);
}

/* ---- what is done while they fail */

/* A server that answers, by TCP what is of type TXT, and SRV with one target.
 */
static void truncate_txt(struct server_request *request)
{
	static struct server_message message;

	server_make_answer(&message, request);
	if (server_request_type(request) == TYPE_TXT) {
		server_message_add(&message, NULL, TYPE_TXT, 300, "\1x", 2);
		if (!request->is_tcp)
			message.octets[2] |= 2;
	}
	if (server_request_type(request) == TYPE_SRV)
		server_message_add(&message, NULL, TYPE_SRV, 300,
			"\0\1\0\1\0\65\4host\4test", 17);
	server_reply(request, message.octets, message.length);
}

static const char *doing;

static void check_status(enum trowel_status status, size_t count)
{
	switch (status) {
	case TROWEL_OK:
		if (count != 1)
			printf("\n%zu records: %s\n", count, doing);
		CU_ASSERT_EQUAL(count, 1);
		break;
	case TROWEL_NO_MEMORY:
	case TROWEL_NO_RANDOM:
	case TROWEL_SYSTEM_ERROR:
	case TROWEL_UNREACHABLE:
	case TROWEL_TIMED_OUT:
		break;
	default:
		printf("\n%s: %s\n", trowel_status_text(status), doing);
		CU_FAIL("no status for that");
	}
}

static void check_answer(
	enum trowel_status status, struct trowel_answer *answer)
{
	size_t count = 0;

	if (answer != NULL)
		count = answer->message.counts[TROWEL_ANSWER];
	check_status(status, count);
	trowel_answer_free(answer);
}

static void query(struct trowel *t, uint16_t type)
{
	struct trowel_answer *answer;
	enum trowel_status status =
		trowel_query(t, "host.test", type, NULL, &answer);

	check_answer(status, answer);
}

static void look_up_host(struct trowel *t)
{
	struct trowel_list *list;
	enum trowel_status status = trowel_addresses(t, "host.test.", "53",
		TROWEL_IPV4_ONLY | TROWEL_ADDRINFO, NULL, &list);

	check_status(status, list != NULL ? list->count : 0);
	trowel_list_free(list);
}

static void look_up_service(struct trowel *t)
{
	struct trowel_list *list;
	enum trowel_status status = trowel_services(
		t, "_dns._tcp.test", TYPE_SRV, "53", NULL, &list);

	check_status(status, list != NULL ? list->target_count : 0);
	trowel_list_free(list);
}

/* There is none. */
static void look_up_name(struct trowel *t)
{
	static const struct trowel_address address = { .family = 4,
		.octets = { 192, 0, 2, 77 } };
	struct trowel_list *list;
	enum trowel_status status = trowel_reverse(t, &address, NULL, &list);

	if (status != TROWEL_NO_DATA)
		check_status(status, 0);
	trowel_list_free(list);
}

static size_t start_requests(struct trowel *t)
{
	static const uint8_t nsid[] = { 0, 3, 0, 0 };
	struct trowel_ask ask = { .options = nsid, .options_length = 4 };
	struct trowel_request request = { .name = "host.test", .ask = &ask };
	size_t started = 0;
	uint32_t id;

	for (size_t i = 0; i < REQUESTS; i++) {
		enum trowel_status status;

		request.type = i == 0 ? TYPE_TXT : TYPE_A;
		status = trowel_start(t, &request, NULL, &id);
		if (status == TROWEL_OK)
			started++;
		else
			check_status(status, 0);
	}
	if (started == REQUESTS && trowel_cancel(t, id))
		started--;
	return started;
}

static void run_requests(struct trowel *t, bool by_fd)
{
	uint64_t end_us = tw_clock_us() + 5 * SECOND_US;
	size_t started = start_requests(t);

	while (started > 0 && tw_clock_us() < end_us) {
		struct pollfd fds[16] = { { .fd = -1 } };
		struct trowel_done done;
		size_t count = 1;

		if (trowel_next(t, &done)) {
			check_answer(done.status, done.answer);
			started--;
			continue;
		}
		if (by_fd && (fds[0].fd = trowel_fd(t)) >= 0)
			fds[0].events = POLLIN;
		else
			count = trowel_pollfds(t, fds, 16);
		__real_poll(fds, (nfds_t)count, trowel_wait_ms(t));
	}
	CU_ASSERT_EQUAL(started, 0);
}

static void run(const struct trowel_address *server, bool by_fd)
{
	struct trowel_options options;
	struct trowel *t;
	enum trowel_status status;

	trowel_options_init(&options);
	options.servers[0] = *server;
	options.server_count = 1;
	options.attempts = 4;
	options.timeout_ms = 100;
	options.hosts = NULL;
	status = trowel_open(&t, &options);
	if (status != TROWEL_OK) {
		CU_ASSERT_EQUAL(status, TROWEL_NO_MEMORY);
		CU_ASSERT_PTR_NULL(t);
		return;
	}
	query(t, TYPE_A);
	query(t, TYPE_TXT);
	query(t, TYPE_A);
	query(t, TYPE_TXT); /* what was kept is used */
	run_requests(t, by_fd);
	look_up_host(t);
	look_up_service(t);
	look_up_name(t);
	trowel_close(t);
}

static size_t count_descriptors(void)
{
	size_t count = 0;

	for (int fd = 0; fd < 64; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			count++;
	return count;
}

/* Runs until no call is left to fail. */
static void check_function(const struct server *server, enum function function,
	int error, const char *name, bool by_fd)
{
	struct trowel_address address = server_address(server);
	size_t before = count_descriptors();
	char text[100];
	unsigned n = 0;

	doing = text;
	do {
		failing = function;
		failure = error;
		left = ++n;
		calls[function] = 0;
		blocks = 0;
		snprintf(text, sizeof(text), "call %u of %s gives %s", n, name,
			strerror(error));
		watched = true;
		run(&address, by_fd);
		watched = false;
		if (blocks != 0 || count_descriptors() != before)
			printf("\nlost: %s\n", text);
		CU_ASSERT_EQUAL(blocks, 0);
		CU_ASSERT_EQUAL(count_descriptors(), before);
	} while (calls[function] >= n && n < 1000);
	CU_ASSERT(n < 1000);
	failing = FUNCTIONS;
}

static void check_errors(enum function function, const char *name,
	const int *errors, size_t count)
{
	struct server server;

	server_start(&server, AF_INET, truncate_txt);
	for (size_t i = 0; i < 2 * count; i++)
		check_function(
			&server, function, errors[i / 2], name, i % 2 == 0);
	server_stop(&server);
}

/* clang-format off */
#define CHECK_FUNCTION(function, name, ...) \
	static const int errors[] = { __VA_ARGS__ }; \
	check_errors(function, name, errors, CHECK_COUNT(errors))
/* clang-format on */

/* F31, C24. */
static void memory_may_run_out(void)
{
	{
		CHECK_FUNCTION(MALLOC, "malloc", ENOMEM);
	}
	{
		CHECK_FUNCTION(CALLOC, "calloc", ENOMEM);
	}
	{
		CHECK_FUNCTION(REALLOC, "realloc", ENOMEM);
	}
	{
		CHECK_FUNCTION(MMAP, "mmap", ENOMEM);
	}
}

/* Without pages of its own, a context asks the kernel for each lookup. */
static void pages_may_not_be_wiped(void)
{
	CHECK_FUNCTION(MADVISE, "madvise", EINVAL);
}

/* F24, F32. */
static void sockets_may_not_be_had(void)
{
	CHECK_FUNCTION(SOCKET, "socket", EMFILE, ENFILE, ENOBUFS, EACCES,
		EAFNOSUPPORT);
}

static void socket_options_may_be_refused(void)
{
	CHECK_FUNCTION(SETSOCKOPT, "setsockopt", ENOPROTOOPT);
}

static void connections_may_be_refused(void)
{
	CHECK_FUNCTION(CONNECT, "connect", ENETUNREACH, EADDRNOTAVAIL, EINTR);
}

/* F21, F26, F27. */
static void queries_may_not_go_out(void)
{
	CHECK_FUNCTION(
		SEND, "send", EPERM, ENETUNREACH, EAGAIN, EINTR, ENOBUFS);
}

static void replies_may_not_be_read(void)
{
	{
		CHECK_FUNCTION(RECV, "recv", EINTR, ENOMEM, ECONNREFUSED);
	}
	{
		CHECK_FUNCTION(RECVMSG, "recvmsg", EINTR, ENOMEM, ECONNREFUSED);
	}
}

static void waits_may_fail(void)
{
	{
		CHECK_FUNCTION(POLL, "poll", EINTR, ENOMEM);
	}
	{
		CHECK_FUNCTION(EPOLL_WAIT, "epoll_wait", EINTR, EBADF);
	}
}

static void one_descriptor_for_all_may_not_be_had(void)
{
	{
		CHECK_FUNCTION(EPOLL_CREATE, "epoll_create1", EMFILE);
	}
	{
		CHECK_FUNCTION(EPOLL_CTL, "epoll_ctl", ENOMEM, ENOSPC);
	}
	{
		CHECK_FUNCTION(TIMER_CREATE, "timerfd_create", EMFILE);
	}
	{
		CHECK_FUNCTION(TIMER_SET, "timerfd_settime", EINVAL);
	}
}

static void closing_may_be_interrupted(void)
{
	CHECK_FUNCTION(CLOSE, "close", EINTR);
}

/* F33; without /dev/urandom, nothing goes out: test_random.c. */
static void random_octets_may_not_be_had(void)
{
	CHECK_FUNCTION(GETRANDOM, "getrandom", EIO, EINTR, ENOSYS);
}

/* The runs are what they seem: each function is called. */
static void functions_are_called(void)
{
	struct server server;
	struct trowel_address address;

	server_start(&server, AF_INET, truncate_txt);
	address = server_address(&server);
	doing = "nothing fails";
	memset(calls, 0, sizeof(calls));
	watched = true;
	run(&address, false);
	watched = false;
	server_stop(&server);
	CU_ASSERT(calls[MALLOC] > 0);
	CU_ASSERT(calls[CALLOC] > 0);
	CU_ASSERT(calls[SOCKET] > 0);
	CU_ASSERT(calls[CONNECT] > 0);
	CU_ASSERT(calls[SEND] > 0);
	CU_ASSERT(calls[RECV] > 0);
	CU_ASSERT(calls[RECVMSG] > 0);
	CU_ASSERT(calls[POLL] > 0);
	CU_ASSERT(calls[CLOSE] > 0);
	CU_ASSERT(calls[GETRANDOM] > 0);
}

static const struct check_case cases[] = {
	CHECK_CASE(functions_are_called),
	CHECK_CASE(memory_may_run_out),
	CHECK_CASE(pages_may_not_be_wiped),
	CHECK_CASE(sockets_may_not_be_had),
	CHECK_CASE(socket_options_may_be_refused),
	CHECK_CASE(connections_may_be_refused),
	CHECK_CASE(queries_may_not_go_out),
	CHECK_CASE(replies_may_not_be_read),
	CHECK_CASE(waits_may_fail),
	CHECK_CASE(one_descriptor_for_all_may_not_be_had),
	CHECK_CASE(closing_may_be_interrupted),
	CHECK_CASE(random_octets_may_not_be_had),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
