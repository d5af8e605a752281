/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/bulk_batch.h"

#if defined(HAVE_SENDMMSG) && defined(HAVE_RECVMMSG)

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define CONTROL_SIZE 64 /* of an arrival: two numbers with their headers */
#define PART_SIZE 65536 /* what an arrival can have */
/* Parts do not all begin in the same set of a processor's caches. */
#define PART_STRIDE (PART_SIZE + 576)
#define SEGMENTS_MAX 64 /* in a message */

struct tw_batch {
	bool has_segments; /* UDP_SEGMENT works, or has not been tried */
	uint8_t *buffer;
	struct mmsghdr in[TW_BULK_BATCH];
	struct iovec parts[TW_BULK_BATCH];
	struct iovec sorted[TW_BULK_QUERIES];
	unsigned places[TW_BULK_QUERY_SIZE + 1]; /* by length; 0 */
	struct mmsghdr out[TW_BULK_QUERIES];
	_Alignas(struct cmsghdr) char in_control[TW_BULK_BATCH][CONTROL_SIZE];
	_Alignas(
		struct cmsghdr) char out_control[TW_BULK_QUERIES][CONTROL_SIZE];
};

static bool is_known(void);
static int send_plain(
	struct tw_batch *batch, int fd, struct iovec *packets, unsigned count);
static int send_messages(struct tw_batch *batch, int fd, unsigned count);
static void read_control(struct msghdr *message,
	struct tw_bulk_arrival *arrival, uint32_t *drops);

/* Most of the buffer's pages are never written to, and so take no memory. */
struct tw_batch *tw_batch_make(void)
{
	struct tw_batch *batch = is_known() ? calloc(1, sizeof(*batch)) : NULL;

	if (!batch)
		return NULL;
	batch->buffer = mmap(NULL, (size_t)TW_BULK_BATCH * PART_STRIDE,
		PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (batch->buffer == MAP_FAILED) {
		free(batch);
		return NULL;
	}
	batch->has_segments = true;
	for (size_t i = 0; i < TW_BULK_BATCH; i++) {
		struct msghdr *message = &batch->in[i].msg_hdr;

		batch->parts[i].iov_base = batch->buffer + i * PART_STRIDE;
		batch->parts[i].iov_len = PART_SIZE;
		message->msg_iov = &batch->parts[i];
		message->msg_iovlen = 1;
		message->msg_control = batch->in_control[i];
		message->msg_controllen = CONTROL_SIZE;
	}
	return batch;
}

/* Whether the kernel has the calls, and does not forbid them. */
static bool is_known(void)
{
	struct mmsghdr message = { .msg_len = 0 };

	return sendmmsg(-1, &message, 1, 0) < 0 && errno == EBADF &&
		recvmmsg(-1, &message, 1, 0, NULL) < 0 && errno == EBADF;
}

void tw_batch_free(struct tw_batch *batch)
{
	if (!batch)
		return;
	munmap(batch->buffer, (size_t)TW_BULK_BATCH * PART_STRIDE);
	free(batch);
}

/* What does not work is done without. */
void tw_batch_prepare(const struct tw_batch *batch, int fd)
{
	int on = 1;

	if (!batch)
		return;
#ifdef UDP_GRO
	(void)setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof(on));
#endif
#ifdef SO_RXQ_OVFL
	(void)setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(on));
#endif
}

#ifdef UDP_SEGMENT
static void add_control(struct msghdr *message, char *control, uint16_t length)
{
	struct cmsghdr *header;

	message->msg_control = control;
	message->msg_controllen = CMSG_SPACE(sizeof(length));
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = IPPROTO_UDP;
	header->cmsg_type = UDP_SEGMENT;
	header->cmsg_len = CMSG_LEN(sizeof(length));
	memcpy(CMSG_DATA(header), &length, sizeof(length));
}

static inline void put_in_places(
	struct tw_batch *batch, struct iovec *packets, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		batch->sorted[batch->places[packets[i].iov_len]++] = packets[i];
	memcpy(packets, batch->sorted, count * sizeof(*packets));
}

/* Puts packets of one length behind each other: counts them, and gives each
 * length its place. */
static void sort(struct tw_batch *batch, struct iovec *packets, unsigned count)
{
	size_t least = SIZE_MAX, most = 0, length;
	unsigned at = 0, i;

	for (i = 0; i < count; i++) {
		length = packets[i].iov_len;
		least = length < least ? length : least;
		most = length > most ? length : most;
		batch->places[length]++;
	}
	for (length = least; length <= most; length++) {
		at += batch->places[length];
		batch->places[length] = at - batch->places[length];
	}
	if (least < most)
		put_in_places(batch, packets, count);
	for (length = least; length <= most; length++)
		batch->places[length] = 0;
}

/* Makes a message of packets of one length. */
static unsigned group(
	struct tw_batch *batch, struct iovec *packets, unsigned count)
{
	unsigned messages = 0, first, end;

	sort(batch, packets, count);
	for (first = 0; first < count; first = end) {
		struct msghdr *message = &batch->out[messages].msg_hdr;
		size_t length = packets[first].iov_len;

		memset(message, 0, sizeof(*message));
		message->msg_iov = packets + first;
		message->msg_iovlen = 1;
		end = first + 1;
		while (end < count && end - first < SEGMENTS_MAX &&
			packets[end].iov_len == length) {
			end++;
			message->msg_iovlen++;
		}
		if (end - first > 1)
			add_control(message, batch->out_control[messages],
				(uint16_t)length);
		messages++;
	}
	return messages;
}

static int send_segments(
	struct tw_batch *batch, int fd, struct iovec *packets, unsigned count)
{
	int sent = send_messages(batch, fd, group(batch, packets, count));
	int done = 0;

	/* Some devices and kernels refuse. */
	if (sent < 0 &&
		(errno == EIO || errno == EINVAL || errno == EOPNOTSUPP ||
			errno == ENOPROTOOPT || errno == EMSGSIZE)) {
		batch->has_segments = false;
		return send_plain(batch, fd, packets, count);
	}
	if (sent < 0)
		return -1;
	while (sent-- > 0)
		done += (int)batch->out[sent].msg_hdr.msg_iovlen;
	return done;
}
#endif

int tw_batch_send(
	struct tw_batch *batch, int fd, struct iovec *packets, unsigned count)
{
#ifdef UDP_SEGMENT
	if (batch->has_segments)
		return send_segments(batch, fd, packets, count);
#endif
	return send_plain(batch, fd, packets, count);
}

static int send_plain(
	struct tw_batch *batch, int fd, struct iovec *packets, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct msghdr *message = &batch->out[i].msg_hdr;

		memset(message, 0, sizeof(*message));
		message->msg_iov = &packets[i];
		message->msg_iovlen = 1;
	}
	return send_messages(batch, fd, count);
}

static int send_messages(struct tw_batch *batch, int fd, unsigned count)
{
	int sent;

	do
		sent = sendmmsg(fd, batch->out, count, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent;
}

int tw_batch_receive(struct tw_batch *batch, int fd,
	struct tw_bulk_arrival arrivals[TW_BULK_BATCH], uint32_t *drops)
{
	int count, i;

	do
		count = recvmmsg(
			fd, batch->in, TW_BULK_BATCH, MSG_DONTWAIT, NULL);
	while (count < 0 && errno == EINTR);
	for (i = 0; i < count; i++) {
		struct msghdr *message = &batch->in[i].msg_hdr;
		struct tw_bulk_arrival *arrival = &arrivals[i];

		arrival->octets = batch->parts[i].iov_base;
		arrival->length = batch->in[i].msg_len;
		arrival->segment = arrival->length;
		arrival->cut = (message->msg_flags & MSG_TRUNC) != 0;
		if (message->msg_controllen > 0)
			read_control(message, arrival, drops);
		message->msg_controllen = CONTROL_SIZE;
	}
	return count;
}

/* CMSG_NXTHDR() of musl mixes signs. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
static void read_control(struct msghdr *message,
	struct tw_bulk_arrival *arrival, uint32_t *drops)
{
	struct cmsghdr *header;

	for (header = CMSG_FIRSTHDR(message); header;
		header = CMSG_NXTHDR(message, header)) {
#ifdef UDP_GRO
		int segment;

		if (header->cmsg_level == IPPROTO_UDP &&
			header->cmsg_type == UDP_GRO) {
			memcpy(&segment, CMSG_DATA(header), sizeof(segment));
			if (segment > 0)
				arrival->segment = (size_t)segment;
		}
#endif
#ifdef SO_RXQ_OVFL
		if (header->cmsg_level == SOL_SOCKET &&
			header->cmsg_type == SO_RXQ_OVFL)
			memcpy(drops, CMSG_DATA(header), sizeof(*drops));
#endif
	}
	(void)arrival;
	(void)drops;
}
#pragma GCC diagnostic pop

#else

struct tw_batch *tw_batch_make(void)
{
	return NULL;
}

void tw_batch_free(struct tw_batch *batch)
{
	(void)batch;
}

void tw_batch_prepare(const struct tw_batch *batch, int fd)
{
	(void)batch;
	(void)fd;
}

int tw_batch_send(
	struct tw_batch *batch, int fd, struct iovec *packets, unsigned count)
{
	(void)batch;
	(void)fd;
	(void)packets;
	(void)count;
	return -1;
}

int tw_batch_receive(struct tw_batch *batch, int fd,
	struct tw_bulk_arrival arrivals[TW_BULK_BATCH], uint32_t *drops)
{
	(void)batch;
	(void)fd;
	(void)arrivals;
	(void)drops;
	return -1;
}

#endif
