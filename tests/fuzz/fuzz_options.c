/* SPDX-License-Identifier: MIT */
/*
 * Words -> a command: whatever they are, it is a whole one, or they are refused
 * with an exit status.
 *
 * Input: in order, an octet of which bit 0 asks for --dig and bit 1 for a line
 * of a file behind the command line; then words, ended by a 0 or a newline,
 * which ends the command line, too.
 */
#include <fcntl.h>
#include <unistd.h>

#include "cli/options.h"
#include "tests/fuzz/fuzz.h"

#define WORDS_MAX 64
#define MASK_DIG 1
#define MASK_LINE 2

static int silence(void);
static void speak(int error);
static char *take_words(struct fuzz_input *input, char *words[WORDS_MAX + 1]);
static void check_command(const struct tw_command *command, int status);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = { data, size };
	char *words[WORDS_MAX + 1], *line[WORDS_MAX + 1], *text, *more = NULL;
	uint8_t wishes = fuzz_take_u8(&input);
	struct tw_command command;
	int status, error = silence();

	setenv("HOME", "/nonexistent", 1);
	tw_command_init(&command, wishes & MASK_DIG ? "/usr/bin/dig" : "");
	text = take_words(&input, words);
	status = tw_command_parse(&command, words);
	speak(error);
	check_command(&command, status);
	error = silence();
	if (status == 0 && command.request == TW_LOOK_UP &&
		(wishes & MASK_LINE)) {
		more = take_words(&input, line);
		status = tw_command_parse_line(&command, line);
	}
	speak(error);
	check_command(&command, status);
	tw_command_release(&command);
	free(more);
	free(text);
	return 0;
}

/* What is wrong is said to nobody. Returns where findings go. */
static int silence(void)
{
	int error = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY);

	if (error < 0 || nowhere < 0)
		exit(2);
	dup2(nowhere, STDERR_FILENO);
	dup2(nowhere, STDOUT_FILENO);
	close(nowhere);
	return error;
}

static void speak(int error)
{
	dup2(error, STDERR_FILENO);
	close(error);
}

/* The words of a line, each a string in a block that holds nothing else. */
static char *take_words(struct fuzz_input *input, char *words[WORDS_MAX + 1])
{
	const uint8_t *end = memchr(input->data, '\n', input->size);
	size_t length = end != NULL ? (size_t)(end - input->data) : input->size;
	char *text = fuzz_block(length + 1), *at = text;
	size_t count = 0;

	if (length > 0)
		memcpy(text, input->data, length);
	text[length] = '\0';
	input->data += length;
	input->size -= length;
	fuzz_take_u8(input);
	while (at <= text + length && count < WORDS_MAX) {
		words[count++] = at;
		at += strlen(at) + 1;
	}
	words[count] = NULL;
	return text;
}

static void check_lookup(const struct tw_lookup *lookup)
{
	HOLDS(lookup->name != NULL && strlen(lookup->name) <= 65535);
	HOLDS(lookup->server_count <= TW_SERVERS_NAMED_MAX);
	HOLDS(lookup->type_count <= TW_TYPES_MAX);
	HOLDS(lookup->class_code != 0);
	HOLDS(lookup->opcode <= 15);
	HOLDS(lookup->port <= 65535);
	HOLDS(lookup->time_s <= 65535);
	HOLDS(!lookup->ipv4_only || !lookup->ipv6_only);
	HOLDS(lookup->edns.cookie_length <= TW_COOKIE_MAX);
	HOLDS(lookup->edns.others_length <= TW_EDNS_OPTIONS_MAX);
	HOLDS(lookup->edns.padding <= TW_PADDING_MAX);
	HOLDS(lookup->edns.subnet.family <= 2);
}

static void check_command(const struct tw_command *command, int status)
{
	HOLDS(status == 0 || status == 1 || status == 8 || status == 10);
	if (status != 0 || command->request != TW_LOOK_UP)
		return;
	HOLDS(command->count > 0 || command->batch != NULL);
	HOLDS(command->count == 0 || !command->lookups[0].is_beside);
	for (size_t i = 0; i < command->count; i++)
		check_lookup(&command->lookups[i]);
}
