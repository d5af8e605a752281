/* SPDX-License-Identifier: MIT */
#include "resolver/conf.h"

#include <string.h>

#include "resolver/words.h"

#define NDOTS_MAX 15 /* these three as glibc has them */
#define TIMEOUT_MAX_S 30
#define ATTEMPTS_MAX 5
#define DEADLINE_MAX_MS 3600000

static void take_line(struct trowel_options *options, struct tw_piece line);
static void take_nameserver(
	struct trowel_options *options, struct tw_piece line);
static void take_domain(struct trowel_options *options, struct tw_piece line);
static void take_search(struct trowel_options *options, struct tw_piece line);
static void take_options(struct trowel_options *options, struct tw_piece line);
static void take_option(struct trowel_options *options, struct tw_piece word);
static void take_flag(struct trowel_options *options, struct tw_piece word);
static void add_domain(struct trowel_options *options, struct tw_piece word);
static void raise_deadline(struct trowel_options *options);
static bool is_to_one_host(const struct trowel_address *address);
static void take_sources(struct trowel_options *options, struct tw_piece line);
static uint8_t source_of(struct tw_piece word);
static bool is_end_of_search(struct tw_piece actions);
static bool take_number(struct tw_piece word, const char *name, unsigned least,
	unsigned most, unsigned *number);
static bool is_like(struct tw_piece word, const char *text);

void trowel_options_init(struct trowel_options *options)
{
	memset(options, 0, sizeof(*options));
	options->ndots = 1;
	options->attempts = 2;
	options->deadline_ms = 10000;
	options->sources[0] = TROWEL_SOURCE_FILES;
	options->sources[1] = TROWEL_SOURCE_DNS;
	options->hosts = "/etc/hosts";
}

void tw_conf_parse(
	struct trowel_options *options, const char *text, size_t length)
{
	struct tw_piece rest = { text, length };

	if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		/* a byte order mark, of an editor's making */
		rest = (struct tw_piece){ text + 3, length - 3 };
	while (rest.length > 0)
		take_line(options, tw_split(&rest, '\n'));
	raise_deadline(options);
}

void tw_conf_search(
	struct trowel_options *options, const char *text, size_t length)
{
	take_search(options, (struct tw_piece){ text, length });
}

void tw_conf_options(
	struct trowel_options *options, const char *text, size_t length)
{
	take_options(options, (struct tw_piece){ text, length });
	raise_deadline(options);
}

void tw_conf_sources(
	struct trowel_options *options, const char *text, size_t length)
{
	struct tw_piece rest = { text, length };

	while (rest.length > 0) {
		struct tw_piece line = tw_split(&rest, '\n');
		struct tw_piece database;
		struct tw_piece word;

		line = tw_split(&line, '#');
		database = tw_split(&line, ':');
		if (tw_next_word(&database, &word) && tw_is_word(word, "hosts"))
			take_sources(options, line);
	}
}

static void take_line(struct trowel_options *options, struct tw_piece line)
{
	static const struct {
		const char *keyword;
		void (*take)(
			struct trowel_options *options, struct tw_piece line);
	} lines[] = {
		{ "nameserver", take_nameserver },
		{ "domain", take_domain },
		{ "search", take_search },
		{ "options", take_options },
	};
	struct tw_piece word;

	/* resolv.conf(5): the keyword must start the line. */
	if (line.length == 0 || tw_is_blank(line.text[0]) ||
		!tw_next_word(&line, &word))
		return;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (tw_is_word(word, lines[i].keyword))
			lines[i].take(options, line);
}

/* Text after the address is passed over, as glibc does. What is no address is
 * too: the lines after it may name servers that are. */
static void take_nameserver(
	struct trowel_options *options, struct tw_piece line)
{
	struct trowel_address address;
	struct tw_piece word;

	if (options->server_count < TROWEL_SERVERS_MAX &&
		tw_next_word(&line, &word) && tw_word_address(word, &address) &&
		is_to_one_host(&address))
		options->servers[options->server_count++] = address;
}

static void take_domain(struct trowel_options *options, struct tw_piece line)
{
	struct tw_piece word;

	if (!tw_next_word(&line, &word))
		return;
	options->search_length = 0;
	add_domain(options, word);
}

/* `domain` and `search` exclude each other: the last one in the file counts.
 * A line without a name does not. */
static void take_search(struct trowel_options *options, struct tw_piece line)
{
	struct tw_piece word;

	if (!tw_next_word(&line, &word))
		return;
	options->search_length = 0;
	do
		add_domain(options, word);
	while (tw_next_word(&line, &word));
}

/* The root adds nothing to a name: `search .` stands for an empty list. */
static void add_domain(struct trowel_options *options, struct tw_piece word)
{
	struct trowel_name name;
	size_t position;

	if (trowel_name_parse(word.text, word.length, &name, &position) !=
			TROWEL_OK ||
		name.length == 1 ||
		name.length > sizeof(options->search) - options->search_length)
		return;
	memcpy(options->search + options->search_length, name.octets,
		name.length);
	options->search_length =
		(uint16_t)(options->search_length + name.length);
}

static void take_options(struct trowel_options *options, struct tw_piece line)
{
	struct tw_piece word;

	while (tw_next_word(&line, &word))
		take_option(options, word);
}

static void take_option(struct trowel_options *options, struct tw_piece word)
{
	unsigned number;

	if (take_number(word, "ndots:", 0, NDOTS_MAX, &number))
		options->ndots = (uint8_t)number;
	else if (take_number(word, "timeout:", 1, TIMEOUT_MAX_S, &number))
		options->timeout_ms = number * 1000;
	else if (take_number(word, "attempts:", 1, ATTEMPTS_MAX, &number))
		options->attempts = (uint8_t)number;
	else if (tw_is_word(word, "no-reload"))
		options->path = NULL;
	else
		take_flag(options, word);
}

/* With a minus before it, as glibc 2.37 has it, a flag is cleared. Of the
 * others there, edns0 is so anyway, and debug, inet6, no-check-names, ip6-... are of
 * no meaning here. */
static void take_flag(struct trowel_options *options, struct tw_piece word)
{
	static const struct {
		char name[22];
		uint16_t flag;
	} flags[] = {
		{ "rotate", TROWEL_ROTATE },
		{ "use-vc", TROWEL_USE_TCP },
		{ "trust-ad", TROWEL_TRUST_AD },
		{ "no-aaaa", TROWEL_NO_AAAA },
		{ "no-tld-query", TROWEL_NO_TLD_QUERY },
		{ "single-request", TROWEL_SINGLE_REQUEST },
		{ "single-request-reopen", TROWEL_SINGLE_REQUEST },
	};
	bool clear = word.text[0] == '-';

	if (clear)
		word = (struct tw_piece){ word.text + 1, word.length - 1 };
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (!tw_is_word(word, flags[i].name))
			continue;
		options->flags |= flags[i].flag;
		if (clear)
			options->flags -= flags[i].flag;
	}
}

/* A timeout that is given outweighs the deadline that is not: else a lookup
 * could end before it came to its second server. */
static void raise_deadline(struct trowel_options *options)
{
	uint32_t servers =
		options->server_count > 0 ? options->server_count : 1;
	uint64_t whole =
		(uint64_t)options->timeout_ms * options->attempts * servers;

	if (whole > DEADLINE_MAX_MS)
		whole = DEADLINE_MAX_MS;
	if (whole > options->deadline_ms)
		options->deadline_ms = (uint32_t)whole;
}

/* Neither any address, nor broadcast, nor multicast: a file must not make us
 * send queries to all the hosts around. */
static bool is_to_one_host(const struct trowel_address *address)
{
	static const uint8_t any[16];
	static const uint8_t broadcast[4] = { 255, 255, 255, 255 };
	const uint8_t *octets = address->octets;

	if (address->family == 6)
		return memcmp(octets, any, 16) != 0 && octets[0] != 0xFF;
	return memcmp(octets, any, 4) != 0 &&
		memcmp(octets, broadcast, 4) != 0 && octets[0] / 16 != 14;
}

static void take_sources(struct trowel_options *options, struct tw_piece line)
{
	uint8_t sources[3] = { TROWEL_SOURCE_NONE };
	size_t count = 0;
	uint8_t source = TROWEL_SOURCE_NONE;
	bool over = false;

	while (line.length > 0 && !over) {
		struct tw_piece services = tw_split(&line, '[');
		struct tw_piece actions = tw_split(&line, ']');
		struct tw_piece word;

		while (tw_next_word(&services, &word)) {
			source = source_of(word);
			if (count < 2 && source != TROWEL_SOURCE_NONE &&
				source != sources[0])
				sources[count++] = source;
		}
		over = source != TROWEL_SOURCE_NONE &&
			is_end_of_search(actions);
	}
	if (count > 0)
		memcpy(options->sources, sources, 2);
}

/* Where systemd's resolver is asked by `resolve`, its stub is the server of
 * resolv.conf; `trowel` is libnss_trowel. */
static uint8_t source_of(struct tw_piece word)
{
	if (tw_is_word(word, "files"))
		return TROWEL_SOURCE_FILES;
	if (tw_is_word(word, "dns") || tw_is_word(word, "resolve") ||
		tw_is_word(word, "trowel"))
		return TROWEL_SOURCE_DNS;
	return TROWEL_SOURCE_NONE;
}

/* "NOTFOUND=return", or "!UNAVAIL=return" and its like. */
static bool is_end_of_search(struct tw_piece actions)
{
	struct tw_piece status;
	struct tw_piece action;

	while (actions.length > 0) {
		struct tw_piece before = tw_split(&actions, '=');

		if (tw_next_word(&before, &status) &&
			tw_next_word(&actions, &action) &&
			is_like(action, "return") &&
			(is_like(status, "notfound") ||
				(status.text[0] == '!' &&
					!is_like(status, "!notfound"))))
			return true;
	}
	return false;
}

/* "name:123" with any number of digits, into the nearest in range. */
static bool take_number(struct tw_piece word, const char *name, unsigned least,
	unsigned most, unsigned *number)
{
	size_t i = strlen(name);
	unsigned value = 0;

	if (word.length <= i || memcmp(word.text, name, i) != 0)
		return false;
	for (; i < word.length; i++) {
		if (word.text[i] < '0' || word.text[i] > '9')
			return false;
		value = value * 10 + (unsigned)(word.text[i] - '0');
		if (value > most)
			value = most;
	}
	*number = value < least ? least : value;
	return true;
}

/* The same for a word whose letters may be of either case; the text's are
 * small. */
static bool is_like(struct tw_piece word, const char *text)
{
	size_t i = 0;

	while (i < word.length && (word.text[i] | 0x20) == text[i])
		i++;
	return i == word.length && text[i] == '\0';
}
