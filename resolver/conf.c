/* SPDX-License-Identifier: MIT */
#include "resolver/conf.h"

#include <string.h>

#define NDOTS_MAX 15 /* these three as glibc has them */
#define TIMEOUT_MAX_S 30
#define ATTEMPTS_MAX 5
#define DEADLINE_MAX_MS 3600000

/* What is left of a line. */
struct line {
	const char *text;
	size_t length;
};

struct word {
	const char *text;
	size_t length;
};

static void take_line(struct trowel_options *options, struct line line);
static void take_nameserver(struct trowel_options *options, struct line line);
static void take_domain(struct trowel_options *options, struct line line);
static void take_search(struct trowel_options *options, struct line line);
static void take_options(struct trowel_options *options, struct line line);
static void add_domain(struct trowel_options *options, struct word word);
static void raise_deadline(struct trowel_options *options);
static bool is_to_one_host(const struct trowel_address *address);
static bool next_word(struct line *line, struct word *word);
static bool take_number(struct word word, const char *name, unsigned least,
	unsigned most, unsigned *number);
static bool is_blank(char character);

void trowel_options_init(struct trowel_options *options)
{
	memset(options, 0, sizeof(*options));
	options->ndots = 1;
	options->attempts = 2;
	options->deadline_ms = 10000;
}

enum trowel_status trowel_options_add_server(
	struct trowel_options *options, const char *text)
{
	struct trowel_address address;
	enum trowel_status status = trowel_address_parse(text, &address);

	if (status != TROWEL_OK)
		return status;
	if (options->server_count >= TROWEL_SERVERS_MAX)
		return TROWEL_NO_SPACE;
	options->servers[options->server_count++] = address;
	return TROWEL_OK;
}

void tw_conf_parse(
	struct trowel_options *options, const char *text, size_t length)
{
	if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
		text += 3; /* a byte order mark, of an editor's making */
		length -= 3;
	}
	while (length > 0) {
		const char *end = memchr(text, '\n', length);
		size_t used = end != NULL ? (size_t)(end - text) : length;

		take_line(options, (struct line){ text, used });
		if (end != NULL)
			used++;
		text += used;
		length -= used;
	}
	raise_deadline(options);
}

static void take_line(struct trowel_options *options, struct line line)
{
	static const struct {
		const char *keyword;
		void (*take)(struct trowel_options *options, struct line line);
	} lines[] = {
		{ "nameserver", take_nameserver },
		{ "domain", take_domain },
		{ "search", take_search },
		{ "options", take_options },
	};
	struct word word;

	/* resolv.conf(5): the keyword must start the line. */
	if (line.length == 0 || is_blank(line.text[0]) ||
		!next_word(&line, &word))
		return;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (word.length == strlen(lines[i].keyword) &&
			memcmp(word.text, lines[i].keyword, word.length) == 0)
			lines[i].take(options, line);
}

/* Text after the address is passed over, as glibc does. What is no address is
 * too: the lines after it may name servers that are. A NUL must not end the
 * word: "192.0.2.1", NUL, "x" is not 192.0.2.1 (CVE-2024-25629). */
static void take_nameserver(struct trowel_options *options, struct line line)
{
	char text[TROWEL_ADDRESS_TEXT_SIZE];
	struct trowel_address address;
	struct word word;

	if (options->server_count >= TROWEL_SERVERS_MAX ||
		!next_word(&line, &word) || word.length >= sizeof(text) ||
		memchr(word.text, '\0', word.length) != NULL)
		return;
	memcpy(text, word.text, word.length);
	text[word.length] = '\0';
	if (trowel_address_parse(text, &address) == TROWEL_OK &&
		is_to_one_host(&address))
		options->servers[options->server_count++] = address;
}

static void take_domain(struct trowel_options *options, struct line line)
{
	struct word word;

	if (!next_word(&line, &word))
		return;
	options->search_length = 0;
	add_domain(options, word);
}

/* `domain` and `search` exclude each other: the last one in the file counts.
 * A line without a name does not. */
static void take_search(struct trowel_options *options, struct line line)
{
	struct word word;

	if (!next_word(&line, &word))
		return;
	options->search_length = 0;
	do
		add_domain(options, word);
	while (next_word(&line, &word));
}

/* The root adds nothing to a name: `search .` stands for an empty list. */
static void add_domain(struct trowel_options *options, struct word word)
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

static void take_options(struct trowel_options *options, struct line line)
{
	struct word word;
	unsigned number;

	while (next_word(&line, &word)) {
		if (take_number(word, "ndots:", 0, NDOTS_MAX, &number))
			options->ndots = (uint8_t)number;
		if (take_number(word, "timeout:", 1, TIMEOUT_MAX_S, &number))
			options->timeout_ms = number * 1000;
		if (take_number(word, "attempts:", 1, ATTEMPTS_MAX, &number))
			options->attempts = (uint8_t)number;
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

/* # and ; start a comment wherever they stand. */
static bool next_word(struct line *line, struct word *word)
{
	size_t start = 0;
	size_t end;

	while (start < line->length && is_blank(line->text[start]))
		start++;
	end = start;
	while (end < line->length && !is_blank(line->text[end]) &&
		line->text[end] != '#' && line->text[end] != ';')
		end++;
	*word = (struct word){ line->text + start, end - start };
	line->text += end;
	line->length -= end;
	return word->length > 0;
}

/* "name:123" with any number of digits, into the nearest in range. */
static bool take_number(struct word word, const char *name, unsigned least,
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

static bool is_blank(char character)
{
	/* CR: a file with lines that end in CR LF */
	return character == ' ' || character == '\t' || character == '\r';
}
