/* SPDX-License-Identifier: MIT */
/*
 * Octets -> message -> JSON in its three forms: each is valid, in ASCII, and
 * the one on a single line says the same as the one over several.
 *
 * Input: a message.
 */
#include "cli/json_message.h"
#include "cli/rfc8427.h"
#include "tests/fuzz/fuzz.h"
#include "tests/json_valid.h"

static void print(struct tw_output *output, enum tw_form form,
	const struct tw_json_lookup *lookup)
{
	struct tw_json json;

	tw_output_init(output);
	tw_json_init(&json, output, form == TW_FORM_JSON_LINE);
	tw_json_open(&json, NULL, '{');
	if (form == TW_FORM_RFC8427)
		tw_rfc8427_add(&json, lookup);
	else
		tw_json_add_message(&json, lookup->message);
	tw_json_close(&json, '}');
	tw_output_add_octets(output, "", 1); /* its NUL */
	HOLDS(!output->failed);
	HOLDS(strlen(output->octets) == output->length - 1);
	HOLDS(json_is_valid(output->octets));
}

/* White space between values, which has no meaning. */
static const char *skip_space(const char *at, bool *is_string)
{
	if (!*is_string)
		at += strspn(at, " \n");
	if (*at == '"')
		*is_string = !*is_string;
	return at;
}

/* Character by character, but for white space outside strings. */
static void check_same(const char *a, const char *b)
{
	bool in_a = false, in_b = false;

	for (;; a++, b++) {
		a = skip_space(a, &in_a);
		b = skip_space(b, &in_b);
		HOLDS(*a == *b);
		if (*a == '\0')
			return;
		if (*a == '\\') {
			a++;
			b++;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tw_output pretty, line, rfc8427;
	uint8_t *octets = fuzz_copy(data, size);
	struct trowel_message message;
	struct trowel_fault fault;
	struct tw_json_lookup lookup = { .message = &message, .fault = &fault };

	lookup.status = trowel_message_decode(&message, octets, size, &fault);
	if (lookup.status != TROWEL_SHORT_MESSAGE) {
		print(&pretty, TW_FORM_JSON, &lookup);
		print(&line, TW_FORM_JSON_LINE, &lookup);
		print(&rfc8427, TW_FORM_RFC8427, &lookup);
		HOLDS(strchr(line.octets, '\n') ==
			line.octets + line.length - 2);
		check_same(pretty.octets, line.octets);
		tw_output_release(&pretty);
		tw_output_release(&line);
		tw_output_release(&rfc8427);
	}
	free(octets);
	return 0;
}
