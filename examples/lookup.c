#include <stdio.h> /* lookup HOST [RESOLV.CONF] */
#include <trowel/resolver.h>
int main(int argc, char **argv)
{
	enum trowel_status status = TROWEL_BAD_ARGUMENT;
	struct trowel_options options;
	struct trowel *t = NULL;
	struct trowel_list *list = NULL;
	char text[TROWEL_ADDRESS_TEXT_SIZE];
	trowel_options_init(&options);
	if (argc < 2 || (status = trowel_options_load(&options, argv[2])) ||
		(status = trowel_open(&t, &options)) ||
		(status = trowel_addresses(t, argv[1], NULL, 0, NULL, &list)))
		fprintf(stderr, "%s\n", trowel_status_text(status));
	for (size_t i = 0; list != NULL && i < list->count; i++, puts(text))
		trowel_address_format(&list->addresses[i], text);
	trowel_list_free(list);
	trowel_close(t);
	return status != TROWEL_OK;
}
