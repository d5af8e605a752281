/* SPDX-License-Identifier: MIT */
#include "resolver/conf.h"

#include <string.h>

#include "resolver/words.h"

#define DEADLINE_MAX_MS 3600000

/* Those of `flags` that a resolv.conf may set. */
#define CONF_FLAGS \
	(TROWEL_ROTATE | TROWEL_USE_TCP | TROWEL_TRUST_AD | TROWEL_NO_AAAA | \
		TROWEL_NO_TLD_QUERY | TROWEL_SINGLE_REQUEST)

/* Services by the numbers of enum trowel_source, others that are DNS, and actions
 * that end the search where a name is not found. Where systemd's resolver is
 * asked by `resolve`, its stub is the server of resolv.conf; `trowel` is
 * libnss_trowel. */
#define SOURCES \
	"files\0dns\0resolve\0trowel\0[NOTFOUND=return]\0[!UNAVAIL=return]\0"
#define LAST_SOURCE 4

/* What stands in `options`: numbers, then flags in the order of their bits. */
enum option { NDOTS, TIMEOUT, ATTEMPTS, NO_RELOAD, FLAGS };

static void take_line(struct trowel_options *options, struct tw_piece line);
static void take_nameserver(
	struct trowel_options *options, struct tw_piece line);
static void take_search(struct trowel_options *options, struct tw_piece line);
static void take_options(struct trowel_options *options, struct tw_piece line);
static void take_option(struct trowel_options *options, struct tw_piece word);
static void take_number(struct trowel_options *options, unsigned option,
	struct tw_piece digits);
static void add_domain(struct trowel_options *options, struct tw_piece word);
static void raise_deadline(struct trowel_options *options);
static bool is_to_one_host(const struct trowel_address *address);
static void take_sources(struct trowel_options *options, struct tw_piece line);

void trowel_options_init(struct trowel_options *options)
{
	memset(options, 0, sizeof(*options));
	tw_conf_reset(options);
	options->deadline_ms = 10000;
	options->sources[0] = TROWEL_SOURCE_FILES;
	options->sources[1] = TROWEL_SOURCE_DNS;
	options->hosts = "/etc/hosts";
}

void tw_conf_reset(struct trowel_options *options)
{
	options->server_count = 0;
	options->search_length = 0;
	options->ndots = 1;
	options->attempts = 0;
	options->timeout_ms = 0;
	options->flags &= ~(unsigned)CONF_FLAGS;
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
		struct tw_piece word;

		if (tw_next_word(&line, &word) &&
			tw_word_find(word, "hosts:\0"))
			take_sources(options, line);
	}
}

static void take_line(struct trowel_options *options, struct tw_piece line)
{
	struct tw_piece word;

	/* resolv.conf(5): the keyword must start the line. */
	if (line.length == 0 || tw_is_blank(line.text[0]) ||
		!tw_next_word(&line, &word))
		return;
	switch (tw_word_find(word, "nameserver\0options\0search\0domain\0")) {
	case 1:
		take_nameserver(options, line);
		break;
	case 2:
		take_options(options, line);
		break;
	case 3:
		take_search(options, line);
		break;
	case 4: /* takes one word */
		if (tw_next_word(&line, &word))
			take_search(options, word);
		break;
	default:
		break;
	}
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

/* As in glibc, the start of a word decides, and a minus before it clears a flag.
 * Of the others there, edns0 is so anyway, and debug, inet6, no-check-names and
 * ip6-... mean nothing here. */
static void take_option(struct trowel_options *options, struct tw_piece word)
{
	const char *name = "ndots:\0timeout:\0attempts:\0no-reload\0rotate\0"
			   "use-vc\0trust-ad\0no-aaaa\0no-tld-query\0"
			   "single-request\0";
	bool clear = word.text[0] == '-';

	word.text += clear;
	word.length -= clear;
	for (unsigned i = 0; *name != '\0'; i++) {
		size_t length = strlen(name);
		bool is_it = word.length >= length &&
			memcmp(word.text, name, length) == 0;

		name += length + 1;
		if (!is_it)
			continue;
		if (i < NO_RELOAD) {
			word.text += length;
			word.length -= length;
			take_number(options, i, word);
		} else if (i == NO_RELOAD) {
			options->path = NULL;
		} else {
			options->flags |= 1u << (i - FLAGS);
			options->flags -= (unsigned)clear << (i - FLAGS);
		}
	}
}

/* Any number of digits, into the nearest in range. */
static void take_number(
	struct trowel_options *options, unsigned option, struct tw_piece digits)
{
	static const uint8_t most[] = { 15, 30, 5 }; /* as in glibc */
	unsigned value = 0;

	for (size_t i = 0; i < digits.length; i++) {
		if (digits.text[i] < '0' || digits.text[i] > '9')
			return;
		value = value * 10 + (unsigned)(digits.text[i] - '0');
		if (value > most[option])
			value = most[option];
	}
	if (digits.length == 0)
		return;
	if (option == NDOTS)
		options->ndots = (uint8_t)value;
	else if (value == 0)
		value = 1;
	if (option == TIMEOUT)
		options->timeout_ms = value * 1000;
	if (option == ATTEMPTS)
		options->attempts = (uint8_t)value;
}

/* A timeout that is given outweighs the deadline that is not: else a lookup
 * could end before it came to its second server. */
static void raise_deadline(struct trowel_options *options)
{
	uint32_t servers =
		options->server_count > 0 ? options->server_count : 1;
	uint32_t tries = options->attempts > 0 ? options->attempts : 2;
	uint64_t whole = (uint64_t)options->timeout_ms * tries * servers;

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

	if (memcmp(octets, any, 16) == 0)
		return false;
	if (address->family == 6)
		return octets[0] != 0xFF;
	return memcmp(octets, broadcast, 4) != 0 && octets[0] / 16 != 14;
}

static void take_sources(struct trowel_options *options, struct tw_piece line)
{
	uint8_t source = TROWEL_SOURCE_NONE;
	size_t count = 0;
	struct tw_piece word;

	while (tw_next_word(&line, &word)) {
		unsigned found = tw_word_find(word, SOURCES);

		if (found > LAST_SOURCE && source != TROWEL_SOURCE_NONE)
			break;
		if (word.text[0] != '[')
			source = found > 2 ? TROWEL_SOURCE_DNS : (uint8_t)found;
		if (source == TROWEL_SOURCE_NONE || count == 2 ||
			(count == 1 && source == options->sources[0]))
			continue;
		options->sources[1] = TROWEL_SOURCE_NONE;
		options->sources[count++] = source;
	}
}
