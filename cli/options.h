/* SPDX-License-Identifier: MIT */
/* Words in: the command line. */
#ifndef TW_OPTIONS_H
#define TW_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/edns.h"
#include "cli/output.h"
#include "cli/print.h"

/* What one lookup is to ask, of whom, and what to show of the reply. */
struct tw_lookup {
	const char *name; /* NULL: none was given; with TW_DECODE, the file */
	bool is_reverse; /* `name` is an address to be turned round: -x */
	bool type_given;
	bool class_given;
	uint16_t type;
	uint16_t class_code;
	const char *server; /* without the @; NULL: as in resolv.conf */
	uint32_t port; /* 0: none was given */
	bool ipv4_only;
	bool ipv6_only;
	bool recursion; /* RD */
	bool authentic; /* AD */
	bool unchecked; /* CD */
	struct tw_edns edns;
	bool tcp;
	bool tcp_given;
	bool keep_truncated;
	uint32_t time_s; /* 0: none was given */
	uint32_t tries; /* likewise */
	struct tw_view view;
};

enum tw_request { TW_LOOK_UP, TW_DECODE, TW_SHOW_HELP, TW_SHOW_VERSION };

struct tw_command {
	enum tw_request request;
	struct tw_lookup global; /* options before the first name */
	struct tw_lookup lookup; /* a copy of them, and options behind it */
	struct tw_lookup *now; /* the one that the next option applies to */
	bool words_are_names; /* -t or -c was given */
	bool banner; /* to be shown; settled at the name, as dig does */
	bool banner_server;
	bool banner_brief;
};

/* Reads the command line. Returns 0, or says what is wrong with it and returns
 * the exit status. The words must outlive *command. */
int tw_command_parse(struct tw_command *command, char **words);

/* The text of --help: a line for each option. */
void tw_options_help(struct tw_output *output);

#endif
