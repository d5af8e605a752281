/* SPDX-License-Identifier: MIT */
/* libuv RESOLV.CONF HOST...: the addresses of many hosts at once, in a loop of
 * libuv's. The one descriptor of a context is readable when there is something
 * to do, also where a wait has ended: no timer is needed. */
#include <stdio.h>
#include <trowel/resolver.h>
#include <uv.h>

struct lookups {
	struct trowel *t;
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

static void take(uv_poll_t *readable, int error, int events)
{
	struct lookups *lookups = readable->data;
	struct trowel_done done;

	(void)error, (void)events;
	while (trowel_next(lookups->t, &done)) {
		print(&done);
		trowel_list_free(done.list);
		lookups->left--;
	}
	if (lookups->left == 0)
		uv_poll_stop(readable);
}

int main(int argc, char **argv)
{
	struct lookups lookups = { NULL, 0 };
	struct trowel_options options;
	uv_poll_t readable;
	uint32_t id;

	trowel_options_init(&options);
	if (argc < 3 || trowel_options_load(&options, argv[1]) ||
		trowel_open(&lookups.t, &options) ||
		uv_poll_init(
			uv_default_loop(), &readable, trowel_fd(lookups.t)))
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
	readable.data = &lookups;
	if (lookups.left > 0)
		uv_poll_start(&readable, UV_READABLE, take);
	uv_run(uv_default_loop(), UV_RUN_DEFAULT);
	trowel_close(lookups.t);
	return 0;
}
