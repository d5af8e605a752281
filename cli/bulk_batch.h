/* SPDX-License-Identifier: MIT */
/* Many datagrams a call: sendmmsg(), recvmmsg() and, where the kernel has it,
 * UDP_SEGMENT and UDP_GRO, by which datagrams of one length are one. */
#ifndef TW_BULK_BATCH_H
#define TW_BULK_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#define TW_BULK_BATCH 64 /* messages a call */
/* Queries a call: with these, there are some of each length to be one message. */
#define TW_BULK_QUERIES 256
#define TW_BULK_QUERY_SIZE 1232 /* the longest one */

/* Datagrams that arrived as one. */
struct tw_bulk_arrival {
	const uint8_t *octets;
	size_t length;
	size_t segment; /* length of each datagram but the last */
	bool cut; /* the last one was larger than the buffer */
};

struct tw_batch;

/* NULL: the system has no such calls, or there is no memory. */
struct tw_batch *tw_batch_make(void);
void tw_batch_free(struct tw_batch *batch);

/* Asks the kernel for what a socket can do: one datagram made of several, and a
 * count of those that it has dropped. */
void tw_batch_prepare(const struct tw_batch *batch, int fd);

/* Sends packets, the order of which may change. Returns how many went, or -1
 * and errno where not even the first did. */
int tw_batch_send(
	struct tw_batch *batch, int fd, struct iovec *packets, unsigned count);

/* Takes what has arrived, without waiting. *drops: what the kernel has dropped
 * so far, if it says so. Returns how many arrivals there are, or -1 and errno. */
int tw_batch_receive(struct tw_batch *batch, int fd,
	struct tw_bulk_arrival arrivals[TW_BULK_BATCH], uint32_t *drops);

#endif
