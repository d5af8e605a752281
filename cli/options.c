/* SPDX-License-Identifier: MIT */
/*
 * All options are rows of one table, which the parser, the suggestions and
 * --help read: a new option is a row and, where it does more than to set a
 * field of struct tw_lookup, its effect.
 */
#include "cli/options.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "cli/option.h"
#include "cli/suggest.h"

#define FIELD(member) offsetof(struct tw_lookup, member)

/* In the order of --help. */
static const struct tw_option options[] = {
	{ "-4", NULL, TW_SWITCH, false, FIELD(ipv4_only), 0, 0, tw_note_family,
		NULL, "ask servers by IPv4 alone" },
	{ "-6", NULL, TW_SWITCH, false, FIELD(ipv6_only), 0, 0, tw_note_family,
		NULL, "ask servers by IPv6 alone" },
	{ "-c", NULL, TW_TEXT, false, 0, 0, 0, tw_set_class, "CLASS",
		"the class to ask for (IN)" },
	{ "--decode", NULL, TW_SWITCH, false, 0, 0, 0, tw_start_decode, NULL,
		"show the message in FILE; ask nobody" },
	{ "-h", "--help", TW_SWITCH, false, 0, 0, 0, tw_show_help, NULL,
		"show this, and end" },
	{ "-p", NULL, TW_NUMBER, false, FIELD(port), 1, 65535, NULL, "PORT",
		"the servers' port (53)" },
	{ "-q", NULL, TW_TEXT, false, 0, 0, 0, tw_set_name, "NAME",
		"the name to ask for, even if it looks like a type" },
	{ "-r", NULL, TW_SWITCH, false, 0, 0, 0, tw_read_no_digrc, NULL,
		"read no ~/.digrc: so it is always" },
	{ "-t", NULL, TW_TEXT, false, 0, 0, 0, tw_set_type, "TYPE",
		"the record type to ask for (A)" },
	{ "-u", NULL, TW_SWITCH, false, FIELD(view.microseconds), 0, 0, NULL,
		NULL, "show times in microseconds" },
	{ "-v", "--version", TW_SWITCH, false, 0, 0, 0, tw_show_version, NULL,
		"show the version, and end" },
	{ "-x", NULL, TW_TEXT, false, 0, 0, 0, tw_set_reverse, "ADDRESS",
		"the name of an address (type PTR)" },

	{ "+short", NULL, TW_SWITCH, false, FIELD(view.brief), 0, 0,
		tw_be_brief, NULL, "show the data of the answers alone (off)" },
	{ "+all", NULL, TW_SWITCH, false, 0, 0, 0, tw_change_all, NULL,
		"show all of the following seven, or none" },
	{ "+cmd", NULL, TW_SWITCH, false, FIELD(view.cmd), 0, 0, NULL, NULL,
		"show the command line (on)" },
	{ "+comments", NULL, TW_SWITCH, false, FIELD(view.comments), 0, 0, NULL,
		NULL, "show header, EDNS, titles of sections (on)" },
	{ "+question", NULL, TW_SWITCH, false, FIELD(view.question), 0, 0, NULL,
		NULL, "show the question (on)" },
	{ "+answer", NULL, TW_SWITCH, false, FIELD(view.answer), 0, 0, NULL,
		NULL, "show the answer section (on)" },
	{ "+authority", NULL, TW_SWITCH, false, FIELD(view.authority), 0, 0,
		NULL, NULL, "show the authority section (on)" },
	{ "+additional", NULL, TW_SWITCH, false, FIELD(view.additional), 0, 0,
		NULL, NULL, "show the additional section (on)" },
	{ "+stats", NULL, TW_SWITCH, false, FIELD(view.stats), 0, 0, NULL, NULL,
		"show time, server and size (on)" },
	{ "+identify", NULL, TW_SWITCH, false, FIELD(view.identify), 0, 0, NULL,
		NULL, "show the server with +short, +nostats (off)" },
	{ "+explain", "--explain", TW_SWITCH, false, FIELD(view.explain), 0, 0,
		NULL, NULL, "show the message octet by octet (off)" },

	{ "+multiline", NULL, TW_SWITCH, false, FIELD(view.multiline), 0, 0,
		NULL, NULL, "long records over several lines (off)" },
	{ "+ttlid", "+ttl", TW_SWITCH, false, FIELD(view.ttl), 0, 0, NULL, NULL,
		"show TTLs (on)" },
	{ "+ttlunits", NULL, TW_SWITCH, false, FIELD(view.ttl_units), 0, 0,
		tw_note_units, NULL, "TTLs as 1w2d3h4m5s (off)" },
	{ "+class", "+cl", TW_SWITCH, false, FIELD(view.class_code), 0, 0, NULL,
		NULL, "show classes (on)" },
	{ "+crypto", NULL, TW_SWITCH, false, FIELD(view.crypto), 0, 0, NULL,
		NULL, "show keys and signatures (on)" },
	{ "+split", NULL, TW_MAYBE_NUMBER, false, 0, 0, 1023, tw_change_split,
		"WIDTH", "words of hex and base64 (56, 44)" },
	{ "+rrcomments", NULL, TW_SWITCH, false, 0, 0, 0, tw_set_comments, NULL,
		"remarks behind keys, SOAs (+multiline)" },
	{ "+unknownformat", NULL, TW_SWITCH, false, FIELD(view.generic), 0, 0,
		NULL, NULL, "all records as of unknown types (off)" },
	{ "+expandaaaa", NULL, TW_SWITCH, false, FIELD(view.expand_ipv6), 0, 0,
		NULL, NULL, "AAAA in full length (off)" },

	{ "+recurse", "+rdflag", TW_SWITCH, false, FIELD(recursion), 0, 0, NULL,
		NULL, "ask the server to recurse: RD (on)" },
	{ "+adflag", "+ad", TW_SWITCH, false, FIELD(authentic), 0, 0, NULL,
		NULL, "ask whether the data is authentic: AD (on)" },
	{ "+cdflag", "+cd", TW_SWITCH, false, FIELD(unchecked), 0, 0, NULL,
		NULL, "ask the server not to validate: CD (off)" },
	{ "+tcp", "+vc", TW_SWITCH, false, FIELD(tcp), 0, 0, tw_note_tcp, NULL,
		"ask by TCP (off; on for type ANY)" },
	{ "+ignore", NULL, TW_SWITCH, false, FIELD(keep_truncated), 0, 0, NULL,
		NULL, "show a truncated reply, do not ask by TCP (off)" },
	{ "+time", "+timeout", TW_NUMBER, true, FIELD(time_s), 0, 3600,
		tw_set_time, "SECONDS", "how long each try may take" },
	{ "+tries", NULL, TW_NUMBER, true, FIELD(tries), 0, 16, tw_set_tries,
		"COUNT", "how often to ask each server" },
	{ "+retry", "+retries", TW_NUMBER, true, 0, 0, 15, tw_set_retries,
		"COUNT", "the same, without the first time" },

	{ "+edns", NULL, TW_MAYBE_NUMBER, false, 0, 0, 255, tw_change_edns,
		"VERSION", "send EDNS, of this version (0)" },
	{ "+ednsnegotiation", NULL, TW_SWITCH, false, FIELD(edns.negotiation),
		0, 0, NULL, NULL,
		"after BADVERS, ask by a lower version (on)" },
	{ "+bufsize", NULL, TW_MAYBE_NUMBER, true, 0, 1, 65535, tw_change_size,
		"OCTETS", "the largest UDP reply wanted (1232)" },
	{ "+dnssec", "+do", TW_SWITCH, false, FIELD(edns.dnssec), 0, 0,
		tw_note_edns, NULL, "ask for DNSSEC records: DO (off)" },
	{ "+coflag", "+co", TW_SWITCH, false, FIELD(edns.compact), 0, 0, NULL,
		NULL, "compact answers will do: CO (off)" },
	{ "+ednsflags", NULL, TW_MAYBE_NUMBER, false, 0, 0, 65535,
		tw_change_flags, "BITS", "further EDNS flags (0)" },
	{ "+cookie", NULL, TW_MAYBE_TEXT, false, 0, 0, 0, tw_change_cookie,
		"HEX", "send a cookie (on: a fresh one)" },
	{ "+badcookie", NULL, TW_SWITCH, false, FIELD(edns.retry), 0, 0, NULL,
		NULL, "after BADCOOKIE, ask by the server's cookie (on)" },
	{ "+nsid", NULL, TW_SWITCH, false, FIELD(edns.nsid), 0, 0, tw_note_edns,
		NULL, "ask for the server's identifier (off)" },
	{ "+subnet", NULL, TW_TEXT, false, 0, 0, 0, tw_change_subnet,
		"ADDRESS/LENGTH", "ask for the answer of that network" },
	{ "+expire", NULL, TW_SWITCH, false, FIELD(edns.expire), 0, 0, NULL,
		NULL, "ask for the zone's time to expire (off)" },
	{ "+keepalive", NULL, TW_SWITCH, false, FIELD(edns.keepalive), 0, 0,
		NULL, NULL, "ask how long TCP may stay open (off)" },
	{ "+padding", NULL, TW_NUMBER, true, FIELD(edns.padding), 0, 512,
		tw_change_padding, "OCTETS",
		"fill queries up to a multiple of it (0)" },
	{ "+ednsopt", NULL, TW_TEXT, false, 0, 0, 0, tw_add_option, "CODE:HEX",
		"send a further EDNS option" },
};

#define OPTION_COUNT (sizeof(options) / sizeof(options[0]))

/* "+name", of `length` characters; "+" stands for itself in both. */
static bool is_named(const char *name, const char *word, size_t length)
{
	return name && name[0] == '+' && strlen(name) == length &&
		strncasecmp(name, word, length) == 0;
}

static bool has_prefix(const char *name, const char *word, size_t length)
{
	return name && name[0] == '+' && strncasecmp(name, word, length) == 0;
}

const struct tw_option *tw_option_find(
	const char *word, size_t length, const struct tw_option **other)
{
	const struct tw_option *found = NULL, *option;

	*other = NULL;
	for (option = options; option < options + OPTION_COUNT; option++) {
		if (is_named(option->name, word, length) ||
			is_named(option->alias, word, length)) {
			*other = NULL;
			return option;
		}
		if (!has_prefix(option->name, word, length) &&
			!has_prefix(option->alias, word, length))
			continue;
		if (found)
			*other = option;
		else
			found = option;
	}
	return found;
}

const struct tw_option *tw_option_find_letter(char letter)
{
	size_t i;

	for (i = 0; i < OPTION_COUNT; i++)
		if (options[i].name[0] == '-' && options[i].name[1] == letter &&
			letter != '-')
			return &options[i];
	return NULL;
}

const struct tw_option *tw_option_find_long(const char *word)
{
	size_t i;

	if (strncmp(word, "--", 2) != 0)
		return NULL;
	for (i = 0; i < OPTION_COUNT; i++)
		if (strcmp(options[i].name, word) == 0 ||
			(options[i].alias &&
				strcmp(options[i].alias, word) == 0))
			return &options[i];
	return NULL;
}

const char *tw_option_suggest(const char *word)
{
	unsigned least = tw_slips_allowed(word) + 1, slips;
	const char *best = NULL;
	size_t i;

	for (i = 0; i < OPTION_COUNT; i++) {
		slips = tw_slips(word, options[i].name);
		if (slips < least && options[i].name[1] != '\0' &&
			options[i].name[2] != '\0') {
			least = slips;
			best = options[i].name;
		}
	}
	return best;
}

/*
 * Help
 */

static void add_name(struct tw_output *output, const char *name,
	const struct tw_option *option)
{
	bool is_optional = option->kind == TW_MAYBE_NUMBER ||
		option->kind == TW_MAYBE_TEXT;

	tw_output_add_octets(output, name, 1);
	if (name[0] == '+' && !option->always_on)
		tw_output_add(output, "[no]");
	tw_output_add(output, name + 1);
	if (!option->value)
		return;
	tw_output_add(output, is_optional ? "[=" : name[0] == '+' ? "=" : " ");
	tw_output_add(output, option->value);
	tw_output_add(output, is_optional ? "]" : "");
}

void tw_options_help(struct tw_output *output)
{
	const struct tw_option *option;

	tw_output_add(output,
		"usage: trowel [@SERVER] NAME [TYPE] [CLASS] [OPTION]...\n"
		"       trowel --decode [FILE] [OPTION]...\n"
		"Asks a DNS server, and shows its reply as dig does.\n");
	for (option = options; option < options + OPTION_COUNT; option++) {
		tw_output_add(output, "  ");
		add_name(output, option->name, option);
		if (option->alias) {
			tw_output_add(output, ", ");
			tw_output_add(output, option->alias);
		}
		tw_output_indent(output, 32);
		tw_output_add(output, option->help);
		tw_output_end_line(output);
	}
	tw_output_add(output,
		"SERVER: ADDRESS, ADDRESS#PORT, [ADDRESS]:PORT or a host name; "
		"without it,\nthose of /etc/resolv.conf. A +option may be cut "
		"short as long as it is clear.\nFILE: a message as hex text or "
		"as it is; without it, standard input.\n"
		"exit status: 0 a reply, 1 usage or malformed message, 8 file, "
		"9 no reply,\n10 bad name or number, or internal error\n");
}
