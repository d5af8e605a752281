/* SPDX-License-Identifier: MIT */
#include "cli/bulk_sockets.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define EACH_MOST 16 /* ports for a server */
#define EACH_LEAST 4
#define ALL 128
#define PART_SIZE 4096 /* more than a reply that we offer to take */
#define WAIT_MS 10 /* for the kernel to have sent something */

static int open_socket(struct tw_bulk_socket *row, const struct tw_batch *batch,
	const struct trowel_address *server,
	const struct trowel_address *source, uint32_t window);
static void make_room(struct tw_bulk_socket *row, uint32_t window);
static unsigned receive_one(struct tw_bulk_sockets *sockets,
	struct tw_bulk_socket *row, int *error);
static void drop_errors(int fd);

int tw_bulk_sockets_open(struct tw_bulk_sockets *sockets,
	const struct trowel_options *options,
	const struct trowel_address *source, uint32_t window)
{
	unsigned servers = options->server_count, each = ALL / servers;
	int error = 0;

	each = each > EACH_MOST ? EACH_MOST : each;
	each = each < EACH_LEAST ? EACH_LEAST : each;
	memset(sockets, 0, sizeof(*sockets));
	sockets->server_count = (uint8_t)servers;
	sockets->batch = tw_batch_make();
	sockets->buffer = malloc(PART_SIZE);
	sockets->rows = calloc(each * servers, sizeof(*sockets->rows));
	if (!sockets->rows || !sockets->buffer)
		return ENOMEM;
	while (!error && sockets->count < each * servers) {
		struct tw_bulk_socket *row = &sockets->rows[sockets->count];

		row->number = sockets->count;
		row->server = (uint8_t)(sockets->count % servers);
		error = open_socket(row, sockets->batch,
			&options->servers[row->server], source, window / each);
		sockets->count = (uint16_t)(sockets->count + (error == 0));
	}
	/* Descriptors may be few, or the port be a given one. */
	return sockets->count >= servers ? 0 : error;
}

void tw_bulk_sockets_close(struct tw_bulk_sockets *sockets)
{
	for (uint16_t i = 0; i < sockets->count; i++)
		tw_socket_close(&sockets->rows[i].socket);
	tw_batch_free(sockets->batch);
	free(sockets->buffer);
	free(sockets->rows);
}

static int open_socket(struct tw_bulk_socket *row, const struct tw_batch *batch,
	const struct trowel_address *server,
	const struct trowel_address *source, uint32_t window)
{
	int error = tw_socket_open(
		&row->socket, false, server, source->family ? source : NULL);

	if (error)
		return error;
	tw_batch_prepare(batch, row->socket.fd);
	make_room(row, window);
	return 0;
}

/* The kernel doubles what it is asked for, and tells the double. */
static void make_room(struct tw_bulk_socket *row, uint32_t window)
{
	int fd = row->socket.fd, size = 0;
	int wanted = (int)((window + TW_BULK_QUERIES) * TW_BULK_REPLY_SIZE / 2);
	socklen_t length = sizeof(size);

	getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &length);
	if (size / 2 < wanted) {
#ifdef SO_RCVBUFFORCE
		if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &wanted,
			    sizeof(wanted)) < 0)
#endif
			(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &wanted,
				sizeof(wanted));
		getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &length);
	}
	row->capacity = (uint32_t)size / TW_BULK_REPLY_SIZE;
	if (row->capacity == 0)
		row->capacity = 1;
}

/* The next one in turn that a batch fits in, or else the one with most room. */
struct tw_bulk_socket *tw_bulk_sockets_choose(
	struct tw_bulk_sockets *sockets, uint8_t server, uint32_t *room)
{
	struct tw_bulk_socket *best = NULL;
	unsigned i, at = sockets->turn;

	*room = 0;
	for (i = 0; i < sockets->count && *room < TW_BULK_QUERIES; i++) {
		struct tw_bulk_socket *row;

		if (++at >= sockets->count)
			at = 0;
		row = &sockets->rows[at];
		if (row->server != server || row->in_flight >= row->capacity ||
			row->capacity - row->in_flight <= *room)
			continue;
		best = row;
		*room = row->capacity - row->in_flight;
	}
	if (best)
		sockets->turn = (uint16_t)(best - sockets->rows);
	if (*room > TW_BULK_QUERIES)
		*room = TW_BULK_QUERIES;
	return best;
}

static int send_some(struct tw_bulk_sockets *sockets, int fd,
	struct iovec *packets, unsigned count)
{
	if (sockets->batch)
		return tw_batch_send(sockets->batch, fd, packets, count);
	return send(fd, packets->iov_base, packets->iov_len, MSG_NOSIGNAL) < 0
		? -1
		: 1;
}

/* An error may be that of a query before, which the socket tells once. */
int tw_bulk_send(struct tw_bulk_sockets *sockets,
	const struct tw_bulk_socket *socket, struct iovec *packets,
	unsigned count)
{
	struct pollfd polled = { .fd = socket->socket.fd, .events = POLLOUT };
	bool is_again = false;
	int error = 0;

	while (count > 0) {
		int sent = send_some(sockets, polled.fd, packets, count);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && !is_again) {
			error = errno;
			is_again = true;
			if (error == EAGAIN || error == ENOBUFS)
				poll(&polled, 1, WAIT_MS);
			continue;
		}
		is_again = false;
		sent = sent > 0 ? sent : 1;
		packets += sent;
		count -= (unsigned)sent;
	}
	return error;
}

unsigned tw_bulk_receive(
	struct tw_bulk_sockets *sockets, struct tw_bulk_socket *row, int *error)
{
	uint32_t drops = row->drops;
	int count;

	*error = 0;
	if (!sockets->batch)
		return receive_one(sockets, row, error);
	count = tw_batch_receive(
		sockets->batch, row->socket.fd, sockets->arrivals, &drops);
	sockets->drops += drops - row->drops;
	row->drops = drops;
	if (count >= 0)
		return (unsigned)count;
	if (errno != EAGAIN && errno != EWOULDBLOCK) {
		*error = errno;
		drop_errors(row->socket.fd);
	}
	return 0;
}

static unsigned receive_one(
	struct tw_bulk_sockets *sockets, struct tw_bulk_socket *row, int *error)
{
	struct tw_bulk_arrival *arrival = &sockets->arrivals[0];
	enum tw_event event = tw_socket_receive(&row->socket, sockets->buffer,
		PART_SIZE, &arrival->octets, &arrival->length, error);

	arrival->segment = arrival->length;
	arrival->cut = event == TW_EVENT_CUT;
	return event == TW_EVENT_MESSAGE || event == TW_EVENT_CUT;
}

/* With IP_RECVERR an error waits in a queue as well, and poll() reports it until
 * it is taken from there. */
static void drop_errors(int fd)
{
#ifdef MSG_ERRQUEUE
	struct msghdr message = { .msg_iov = NULL };

	while (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0)
		;
#else
	(void)fd;
#endif
}
