/* SPDX-License-Identifier: MIT */
/* https HOST [RESOLV.CONF]: what a client of HTTPS wants to know before it
 * connects (RFC 9460): where to, and what the server understands there. One
 * line a target, best first: its name, port, parameters, addresses. */
#include <stdio.h>
#include <trowel/resolver.h>

/* alpn=h2,h3 port=8443 ech=...: as the record has them. */
static void print_parameters(const struct trowel_message *message,
	const struct trowel_record *record)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;
	char text[1024];

	if (record->type == 0) /* there are no records, but the host itself */
		return;
	while (trowel_field_next(message, record, &iterator, &field)) {
		if (field.kind != TROWEL_KIND_PARAM)
			continue;
		trowel_field_format(
			message, record, &field, 0, text, sizeof(text));
		printf(" %s", text);
	}
}

static void print(const struct trowel_list *list)
{
	char name[TROWEL_NAME_TEXT_SIZE], text[TROWEL_ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < list->target_count; i++) {
		const struct trowel_target *target = &list->targets[i];

		trowel_name_format(&target->name, name);
		printf("%s port %u", name, target->port);
		print_parameters(&list->answer->message, &target->record);
		for (uint32_t j = 0; j < target->count; j++) {
			trowel_address_format(
				&list->addresses[target->first + j], text);
			printf(" %s", text);
		}
		puts("");
	}
}

int main(int argc, char **argv)
{
	struct trowel_options options;
	struct trowel_list *list = NULL;
	struct trowel *t = NULL;
	enum trowel_status status = TROWEL_BAD_ARGUMENT;

	trowel_options_init(&options);
	if (argc < 2 || (status = trowel_options_load(&options, argv[2])) ||
		(status = trowel_open(&t, &options)) ||
		(status = trowel_services(t, argv[1], 65, "443", NULL, &list)))
		fprintf(stderr, "%s\n", trowel_status_text(status));
	else
		print(list);
	trowel_list_free(list);
	trowel_close(t);
	return status != TROWEL_OK;
}
