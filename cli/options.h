/* SPDX-License-Identifier: MIT */
/* Words in: the command line. */
#ifndef TW_OPTIONS_H
#define TW_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <trowel/resolver.h>

#include "cli/edns.h"
#include "cli/output.h"
#include "cli/print.h"
#include "cli/tsig_key.h"

#define TW_SERVERS_NAMED_MAX 16 /* @ words of a lookup */
#define TW_TYPES_MAX 32

/* What one lookup is to ask, of whom, and what to show of the reply. */
struct tw_lookup {
	const char *name; /* NULL: none was given; with TW_DECODE and TW_BULK,
			     the file */
	bool is_reverse; /* `name` is an address to be turned round: -x */
	bool is_beside; /* asked together with the lookup before it: another
			   type of the same name */
	uint16_t type; /* A where none was given */
	uint16_t class_code;
	bool class_given;
	bool types_are_inherited; /* from what stands before the name */
	uint8_t type_count; /* while the words are read: */
	uint16_t types[TW_TYPES_MAX];
	bool servers_are_inherited;
	uint8_t server_count;
	const char *servers[TW_SERVERS_NAMED_MAX]; /* without the @; none: as
						      in resolv.conf */
	uint32_t port; /* 0: none was given */
	bool ipv4_only;
	bool ipv6_only;
	struct trowel_address source; /* family 0: any */
	bool search;
	bool show_search; /* the replies to names that are not there, too */
	uint32_t ndots; /* UINT32_MAX: as in resolv.conf */
	const char *domain; /* to search, in place of resolv.conf's; or NULL */
	int8_t idn_in; /* names are UTF-8: 1, they are octets: -1; 0: as the
			  command takes them */
	bool recursion; /* RD */
	bool authentic; /* AD */
	bool unchecked; /* CD */
	bool mix_case; /* letters of the question in random case */
	bool authoritative; /* AA */
	bool recursion_available; /* RA */
	bool truncated; /* TC */
	bool reserved; /* Z */
	bool no_question;
	uint8_t opcode;
	bool id_given;
	uint16_t id;
	struct tw_edns edns;
	bool all_servers; /* each is asked, and what they say is compared */
	bool gather; /* all replies of so many milliseconds */
	uint32_t gather_ms;
	bool tcp;
	bool tcp_given;
	bool keep_truncated;
	bool keep_failure; /* SERVFAIL is an answer: no other server is asked */
	bool keep_malformed;
	uint32_t time_s; /* 0: none was given */
	uint32_t tries; /* likewise */
	struct tw_view view;
	struct tw_banner banner;
};

enum tw_request {
	TW_LOOK_UP,
	TW_DECODE,
	TW_BULK,
	TW_SHOW_HELP,
	TW_SHOW_VERSION
};

/* What is for bulk mode alone. */
struct tw_bulk_options {
	const char *given; /* one of these options, or NULL */
	const char *failed; /* names of files, or NULL */
	const char *stats;
	const char *checkpoint;
	const char *shard; /* I/N */
	uint32_t window; /* 0: as it is by default */
	uint32_t rate; /* queries a second for each server; 0: any */
	bool ordered;
};

/* A line of ~/.digrc. */
struct tw_line {
	struct tw_line *next;
	char *text;
};

/* The lookups of a command line, or of a line of a file (-f). */
struct tw_command {
	enum tw_request request;
	bool is_dig; /* dig's ways to the letter: --dig, or our name is dig */
	bool exit_rcode; /* the exit status tells the outcome */
	bool words_are_names; /* -t or -c was given */
	bool is_config; /* a line of ~/.digrc: no lookups */
	bool has_pending; /* the last lookup waits for its name */
	bool is_greeted; /* a banner has been shown */
	const char *batch; /* -f, or NULL */
	struct tw_bulk_options bulk;
	struct tw_tsig_key *key; /* -k, -y; or NULL */
	struct tw_line *config; /* those that options refer to */
	char **words; /* being read, without the program's name */
	struct tw_lookup global; /* options before the first name */
	size_t count;
	size_t size;
	struct tw_lookup *lookups;
	/* What is below has no value at first. */
	char domain[TROWEL_NAME_TEXT_SIZE]; /* of +domain */
	struct tw_lookup start[1]; /* enough for most; then the heap */
};

/* Puts the defaults. */
void tw_command_init(struct tw_command *command, const char *program);
void tw_command_release(struct tw_command *command);

/* These two read words: the command line with ~/.digrc before it, or a line of
 * a file. The words must outlive the lookups. They return 0, or say what is
 * wrong and return the exit status. */
int tw_command_parse(struct tw_command *command, char **words);
int tw_command_parse_line(struct tw_command *command, char **words);

/* "53" and nothing else. */
bool tw_port_parse(const char *text, uint16_t *port);

/* The text of --help: a line for each option. */
void tw_options_help(struct tw_output *output);

#endif
