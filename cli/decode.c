/* SPDX-License-Identifier: MIT */
#include "cli/decode.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/addresses.h"
#include "cli/complain.h"
#include "cli/dump.h"
#include "cli/explain.h"
#include "cli/file.h"
#include "cli/json_lookup.h"
#include "cli/print.h"
#include "cli/sandbox.h"
#include "cli/terminal.h"

#define INPUT_MAX 1048576 /* a message of 65,535 octets with room to spare */

/* What was read. Its octets are `length` ones from `start`. */
struct input {
	const char *name;
	uint8_t *octets;
	size_t start;
	size_t length;
};

static int read_input(struct input *input);
static int find_message(struct input *input);
static int show(struct tw_output *output, const struct tw_view *view,
	const uint8_t *octets, size_t length);

int tw_decode(struct tw_output *output, const struct tw_command *command)
{
	const struct tw_lookup *lookup =
		command->count > 0 ? &command->lookups[0] : &command->global;
	struct input input = { .name = lookup->name };
	int exit = read_input(&input);

	if (!exit) {
		tzset(); /* which gmtime_r() would read */
		tw_sandbox_enter(false);
		exit = find_message(&input);
	}
	if (!exit)
		exit = show(output, &lookup->view, input.octets + input.start,
			input.length);
	free(input.octets);
	return exit;
}

static const char *name_of(const struct input *input)
{
	return input->name ? input->name : "standard input";
}

/* One octet more than the limit at most. */
static int read_input(struct input *input)
{
	int error;

	if (input->name && strcmp(input->name, "-") == 0)
		input->name = NULL;
	input->octets = malloc(INPUT_MAX + 1);
	if (!input->octets) {
		tw_complain("%s", trowel_status_text(TROWEL_NO_MEMORY));
		return TW_EXIT_INTERNAL;
	}
	error = tw_file_load(
		input->name, input->octets, INPUT_MAX + 1, &input->length);
	if (!error)
		return 0;
	tw_complain("cannot read %s: %s", name_of(input), strerror(error));
	return TW_EXIT_FILE;
}

/* Makes octets of text, and leaves out the headers of packets. */
static int find_message(struct input *input)
{
	struct tw_dump_fault fault;

	if (input->length > INPUT_MAX) {
		tw_complain("%s is over %d octets", name_of(input), INPUT_MAX);
		return TW_EXIT_MALFORMED;
	}
	if (tw_dump_is_text(input->octets, input->length)) {
		input->length = tw_dump_parse((const char *)input->octets,
			input->length, input->octets, &fault);
		if (fault.line > 0) {
			tw_complain("%s, line %zu: %s", name_of(input),
				fault.line, fault.reason);
			return TW_EXIT_MALFORMED;
		}
	}
	input->start = tw_packet_find(input->octets, &input->length);
	if (input->length <= TROWEL_MESSAGE_MAX)
		return 0;
	tw_complain("malformed message: %zu octets, over %d", input->length,
		TROWEL_MESSAGE_MAX);
	return TW_EXIT_MALFORMED;
}

static int show(struct tw_output *output, const struct tw_view *view,
	const uint8_t *octets, size_t length)
{
	struct trowel_message message;
	struct trowel_fault fault;
	enum trowel_status status =
		trowel_message_decode(&message, octets, length, &fault);
	struct tw_json_lookup shown = { .status = status, .fault = &fault };
	char text[256];
	int exit;

	if (status != TROWEL_SHORT_MESSAGE)
		shown.message = &message;
	if (view->form >= TW_FORM_JSON)
		tw_json_print(output, view->form, &shown);
	else if (view->form == TW_FORM_EXPLAIN)
		tw_explain_message(output, octets, length,
			tw_terminal_has_colour(), tw_terminal_columns());
	else if (shown.message && view->form == TW_FORM_ADDRESSES)
		tw_print_addresses(output, &message);
	else if (shown.message)
		tw_print_message(output, view, &message, NULL);
	if (status == TROWEL_OK)
		return 0;
	/* What is before the fault comes first on a terminal too. */
	exit = tw_complain_of_output(tw_output_write(output, STDOUT_FILENO));
	trowel_fault_format(&fault, text, sizeof(text));
	tw_complain("malformed message: %s", text);
	return exit ? exit : TW_EXIT_MALFORMED;
}
