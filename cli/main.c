/* SPDX-License-Identifier: MIT */
/*
 * trowel(1): the command line says what to ask of whom, or what to decode; what
 * there is to show is collected as text and written at the end in one go.
 *
 * SIGPIPE is left as we find it. By default that ends us in silence when the
 * reader has gone, as users of pipes expect; where it is ignored, the failed
 * write is told like any other.
 */
#include <errno.h>
#include <unistd.h>

#include "cli/bulk.h"
#include "cli/complain.h"
#include "cli/decode.h"
#include "cli/lookup.h"
#include "cli/options.h"
#include "cli/output.h"
#include "config.h"

static int run(struct tw_output *output, struct tw_command *command);
static int finish(struct tw_output *output);

int main(int argc, char **argv)
{
	struct tw_command command;
	struct tw_output output;
	int exit, error = 0;

	tw_command_init(&command, argc > 0 ? argv[0] : "");
	tw_output_init(&output);
	exit = tw_command_parse(&command, argc > 0 ? argv + 1 : argv);
	if (!exit)
		exit = run(&output, &command);
	tw_command_release(&command);
	/* Output that was closed is an error only where there is some. */
	if (output.length > 0 || exit == 0)
		error = finish(&output);
	exit = error ? error : exit;
	/* All is written. What libraries do at the end takes a moment. */
	if (LEAVES_AT_ONCE)
		_exit(exit);
	return exit;
}

static int run(struct tw_output *output, struct tw_command *command)
{
	switch (command->request) {
	case TW_SHOW_HELP:
		tw_options_help(output);
		return 0;
	case TW_SHOW_VERSION:
		tw_output_add(output, "trowel " PACKAGE_VERSION "\n");
		return 0;
	case TW_DECODE:
		return tw_decode(output, command);
	case TW_BULK:
		return tw_bulk(command);
	default:
		return tw_look_up_all(output, command);
	}
}

/* Writes all that there is. What the file system finds out only at the end
 * comes from close(). */
static int finish(struct tw_output *output)
{
	int error = tw_output_write(output, STDOUT_FILENO);

	if (!error && close(STDOUT_FILENO) < 0)
		error = errno;
	return tw_complain_of_output(error);
}
