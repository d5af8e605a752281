#include <poll.h> /* poll_loop HOST [RESOLV.CONF] */
#include <stdio.h>
#include <trowel/resolver.h>
int main(int argc, char **argv)
{
	struct trowel_request r = { TROWEL_REQUEST_ADDRESSES, .name = argv[1] };
	struct trowel_options options;
	struct trowel_done done;
	struct trowel *t;
	char text[TROWEL_ADDRESS_TEXT_SIZE];
	trowel_options_init(&options);
	if (argc < 2 || trowel_options_load(&options, argv[2]) ||
		trowel_open(&t, &options) || trowel_start(t, &r, 0, &done.id))
		return 1;
	for (struct pollfd fd = { trowel_fd(t), POLLIN, 0 };
		!trowel_next(t, &done);)
		poll(&fd, 1, trowel_wait_ms(t)); /* and what else there is */
	for (size_t i = 0; done.list && i < done.list->count; i++, puts(text))
		trowel_address_format(&done.list->addresses[i], text);
	trowel_list_free(done.list);
	trowel_close(t);
	return done.status != TROWEL_OK;
}
