/* SPDX-License-Identifier: MIT */
/* libevent RESOLV.CONF HOST...: the addresses of many hosts at once, in a loop
 * of libevent's. The one descriptor of a context is readable when there is
 * something to do, also where a wait has ended: no timer is needed. */
#include <event2/event.h>
#include <stdio.h>
#include <trowel/resolver.h>

struct lookups {
	struct trowel *t;
	struct event *readable;
	int left;
};

static void print(const struct trowel_done *done)
{
	char text[TROWEL_ADDRESS_TEXT_SIZE];
	const char *host = done->user;

	if (done->status != TROWEL_OK)
		printf("%s: %s\n", host, trowel_status_text(done->status));
	for (size_t i = 0; done->list != NULL && i < done->list->count; i++) {
		trowel_address_format(&done->list->addresses[i], text);
		printf("%s %s\n", host, text);
	}
}

static void take(evutil_socket_t fd, short events, void *user)
{
	struct lookups *lookups = user;
	struct trowel_done done;

	(void)fd, (void)events;
	while (trowel_next(lookups->t, &done)) {
		print(&done);
		trowel_list_free(done.list);
		lookups->left--;
	}
	if (lookups->left == 0)
		event_del(lookups->readable);
}

int main(int argc, char **argv)
{
	struct event_base *base = event_base_new();
	struct lookups lookups = { NULL, NULL, 0 };
	struct trowel_options options;
	uint32_t id;

	trowel_options_init(&options);
	if (argc < 3 || base == NULL ||
		trowel_options_load(&options, argv[1]) ||
		trowel_open(&lookups.t, &options) || trowel_fd(lookups.t) < 0)
		return 1;
	for (int i = 2; i < argc; i++) {
		struct trowel_request request = { TROWEL_REQUEST_ADDRESSES,
			.name = argv[i] };
		enum trowel_status status =
			trowel_start(lookups.t, &request, argv[i], &id);

		if (status == TROWEL_OK)
			lookups.left++;
		else
			printf("%s: %s\n", argv[i], trowel_status_text(status));
	}
	lookups.readable = event_new(base, trowel_fd(lookups.t),
		EV_READ | EV_PERSIST, take, &lookups);
	if (lookups.left > 0)
		event_add(lookups.readable, NULL);
	event_base_dispatch(base);
	event_free(lookups.readable);
	event_base_free(base);
	trowel_close(lookups.t);
	return 0;
}
