/* SPDX-License-Identifier: MIT */
/* Words out: a message in dig's form. */
#ifndef TW_PRINT_H
#define TW_PRINT_H

#include <stdbool.h>

#include <trowel/resolver.h>

#include "cli/output.h"

/* How a reply is written. */
enum tw_form {
	TW_FORM_DIG,
	TW_FORM_YAML,
	TW_FORM_EXPLAIN,
	TW_FORM_ADDRESSES, /* +addr */
	TW_FORM_JSON, /* and from here on, JSON */
	TW_FORM_JSON_LINE, /* +jsonl */
	TW_FORM_RFC8427 /* +json=rfc8427 */
};

/* What to show of a message, and how. */
struct tw_view {
	uint8_t form; /* enum tw_form */
	bool brief; /* +short: RDATA of the answer section alone */
	bool prefixes; /* +dns64prefix: those that the answers have */
	bool cmd;
	bool comments;
	bool question;
	bool answer;
	bool authority;
	bool additional;
	bool stats;
	bool query; /* +qr: the query, before the reply */
	bool attempts; /* how they went, before the reply */
	bool identify;
	bool microseconds;
	bool multiline;
	bool ttl;
	bool ttl_units;
	bool class_code;
	bool crypto;
	bool generic; /* RFC 3597 5, of all types and classes */
	bool expand_ipv6;
	bool idn; /* names in UTF-8 */
	bool colour;
	bool bad_cookie; /* show a reply with BADCOOKIE, too */
	bool no_split;
	uint16_t split; /* width of words; 0: as usual */
	int8_t remarks; /* 0: with multiline alone; -1: never */
};

/* The lines that repeat the command line before a reply. */
struct tw_banner {
	char **words; /* argv, without the program, up to NULL; NULL: none */
	bool is_first; /* of the command */
	bool has_servers; /* a server was named */
	bool brief; /* +short stood before the name */
};

/* What is known of the lookup that brought a reply. */
struct tw_reply {
	const struct trowel_answer *answer;
	const struct tw_banner *banner; /* NULL: none */
	unsigned server_count; /* of those named */
	const char *server; /* as the user named it; NULL: by its address */
	const char *notes; /* lines on what went before, or NULL */
	bool is_group; /* everybody on a link was asked: RFC 6762 */
	bool edns; /* whether the query had an OPT, */
	bool dnssec; /* and DO in it */
	const uint8_t *cookie; /* the client's half that was sent, or NULL */
	bool is_unverified; /* its TSIG is not right */
	bool is_query; /* no reply, but what was sent: +qr */
	bool is_dig; /* --dig */
};

void tw_print_banner(struct tw_output *output, const struct tw_banner *banner,
	unsigned server_count);

/* `reply` is NULL for a message that comes from elsewhere; it has no banner and
 * no footer then. */
void tw_print_message(struct tw_output *output, const struct tw_view *view,
	const struct trowel_message *message, const struct tw_reply *reply);

#endif
