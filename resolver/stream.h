/* SPDX-License-Identifier: MIT */
/* TCP's part of the transport: messages behind their lengths. */
#ifndef TW_STREAM_H
#define TW_STREAM_H

#include "resolver/transport.h"

/* tw_socket_send() and tw_socket_receive() by TCP. */
int tw_stream_send(
	struct tw_socket *socket, const uint8_t *octets, size_t length);
enum tw_event tw_stream_receive(struct tw_socket *socket,
	const uint8_t **octets, size_t *length, int *error);

/* Gives up what a socket holds, but for its descriptor. */
void tw_stream_release(struct tw_socket *socket);

/* Whether an errno says that there is nothing for now. */
bool tw_is_again(int error);

#endif
