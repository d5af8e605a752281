/* SPDX-License-Identifier: MIT */
/* How texts that differ are told apart. */
#define _XOPEN_SOURCE 700 /* strptime() */
#include "tests/ldns_predicates.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
	TYPE_WKS = 11,
	TYPE_SIG = 24,
	TYPE_LOC = 29,
	TYPE_NXT = 30,
	TYPE_ATMA = 34,
	TYPE_CERT = 37,
	TYPE_APL = 42,
	TYPE_IPSECKEY = 45,
	TYPE_NSEC3 = 50,
	TYPE_SVCB = 64,
	TYPE_HTTPS = 65,
	TYPE_NID = 104,
	TYPE_L64 = 106,
	TYPE_TKEY = 249,
	TYPE_TSIG = 250,
	TYPE_URI = 256,
	TYPE_CAA = 257
};

#define TEXT_SIZE 400000

/*
 * Texts
 */

static const uint8_t *rdata_of(const struct difference *difference)
{
	return difference->pair->octets + difference->record->rdata;
}

/* IPSECKEY with nothing behind the gateway. */
bool kind_has_no_key(const struct difference *difference)
{
	const struct trowel_record *record = difference->record;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;
	size_t count = 0;

	if (!difference_is_type(difference, TYPE_IPSECKEY))
		return false;
	while (trowel_field_next(
		&difference->pair->message, record, &iterator, &field))
		count++;
	return count == 4;
}

bool kind_is_gateway_unknown(const struct difference *difference)
{
	return difference_is_type(difference, TYPE_IPSECKEY) &&
		difference->record->rdata_length >= 3 &&
		rdata_of(difference)[1] > 3;
}

bool kind_is_tag(const struct difference *difference)
{
	return difference_is_type(difference, TYPE_CAA);
}

bool kind_is_svcb(const struct difference *difference)
{
	return difference_is_type(difference, TYPE_SVCB) ||
		difference_is_type(difference, TYPE_HTTPS);
}

bool kind_is_escape(const struct difference *difference)
{
	return strcmp(difference->what, "escapes") == 0;
}

/* No RDATA, of a type whose list may be empty. */
bool kind_is_empty_list(const struct difference *difference)
{
	return difference->record->rdata_length == 0 &&
		difference->ours[0] == '\0' &&
		strcmp(difference->theirs, "\\# 0") == 0;
}

/* ldns writes what trowel would if it were told to (RFC 3597 5). */
bool kind_is_theirs_generic(const struct difference *difference)
{
	static char text[TEXT_SIZE];

	if (strncmp(difference->theirs, "\\# ", 3) != 0)
		return false;
	trowel_rdata_format(&difference->pair->message, difference->record,
		TROWEL_STYLE_GENERIC | TROWEL_STYLE_NO_SPLIT, text,
		sizeof(text));
	return strcasecmp(text, difference->theirs) == 0 &&
		strncmp(difference->ours, "\\# ", 3) != 0;
}

static bool is_ours_generic(const struct difference *difference)
{
	return strncmp(difference->ours, "\\# ", 3) == 0 &&
		strncmp(difference->theirs, "\\# ", 3) != 0;
}

bool kind_is_opaque_text(const struct difference *difference)
{
	return is_ours_generic(difference) && difference_is_opaque(difference);
}

bool kind_is_location_unknown(const struct difference *difference)
{
	return is_ours_generic(difference) &&
		difference_is_type(difference, TYPE_LOC);
}

bool kind_is_gateway_text(const struct difference *difference)
{
	return is_ours_generic(difference) &&
		kind_is_gateway_unknown(difference);
}

bool kind_is_family_unknown(const struct difference *difference)
{
	return is_ours_generic(difference) &&
		difference_is_type(difference, TYPE_APL) &&
		strstr(difference->theirs, "Unknown address family") != NULL;
}

bool kind_is_nxt(const struct difference *difference)
{
	return difference_is_type(difference, TYPE_NXT) &&
		strstr(difference->theirs, " \\# ") != NULL;
}

bool kind_is_atma(const struct difference *difference)
{
	return difference_is_type(difference, TYPE_ATMA) &&
		strspn(difference->theirs, "0123456789abcdef") ==
		strlen(difference->theirs);
}

/*
 * Words
 */

static bool are_words(const struct difference *difference)
{
	return difference->ours != NULL && difference->theirs != NULL;
}

bool kind_is_white_space(const struct difference *difference)
{
	return difference->ours == NULL && difference->theirs == NULL;
}

bool kind_is_hex_case(const struct difference *difference)
{
	return are_words(difference) &&
		strcasecmp(difference->ours, difference->theirs) == 0 &&
		strspn(difference->ours, "0123456789ABCDEF") ==
		strlen(difference->ours);
}

/* A copy in which quotes are left out and, if it is ours, octets are escaped as
 * ldns does it. */
static void level(const char *text, bool is_ours, bool is_alpn, char *levelled)
{
	size_t to = 0;

	for (size_t from = 0; text[from] != '\0'; from++) {
		if (text[from] == '"')
			continue;
		if (text[from] == '\\' && is_ours) {
			if (strncmp(text + from, "\\009", 4) == 0) {
				levelled[to++] = '\t';
				from += 3;
				continue;
			}
			if (is_alpn &&
				(strncmp(text + from, "\\\\,", 3) == 0 ||
					strncmp(text + from, "\\\\\\\\", 4) ==
						0))
				from += text[from + 2] == ',' ? 1 : 2;
		}
		levelled[to++] = text[from];
		if (text[from] == '\\' && text[from + 1] != '\0')
			levelled[to++] = text[++from];
	}
	levelled[to] = '\0';
}

static bool is_level(const struct difference *difference, bool is_alpn)
{
	static char ours[TEXT_SIZE];
	static char theirs[TEXT_SIZE];

	if (!are_words(difference))
		return false;
	level(difference->ours, true, is_alpn, ours);
	level(difference->theirs, false, is_alpn, theirs);
	return strcmp(ours, theirs) == 0;
}

bool kind_is_svcb_quotes(const struct difference *difference)
{
	return kind_is_svcb(difference) && is_level(difference, false);
}

bool kind_is_alpn(const struct difference *difference)
{
	return kind_is_svcb(difference) && is_level(difference, true) &&
		strncmp(difference->ours, "alpn=", 5) == 0;
}

bool kind_is_tab(const struct difference *difference)
{
	return is_level(difference, false) && difference->ours[0] == '"' &&
		strchr(difference->theirs, '\t') != NULL;
}

/* Whether a word of ours is a mnemonic for the number that theirs is. */
static bool is_mnemonic(const struct difference *difference,
	enum trowel_registry registry, const char *theirs)
{
	uint16_t code;

	return trowel_code_parse(registry, difference->ours,
		       strlen(difference->ours), &code) &&
		strspn(theirs, "0123456789") == strlen(theirs) &&
		strtoul(theirs, NULL, 10) == code;
}

bool kind_is_type_name(const struct difference *difference)
{
	return are_words(difference) &&
		strncmp(difference->theirs, "TYPE", 4) == 0 &&
		is_mnemonic(difference, TROWEL_TYPES, difference->theirs + 4);
}

bool kind_is_type_number(const struct difference *difference)
{
	return are_words(difference) &&
		difference_is_type(difference, TYPE_SIG) &&
		strncmp(difference->theirs, "TYPE", 4) == 0 &&
		strcmp(difference->ours, difference->theirs + 4) == 0;
}

bool kind_is_algorithm(const struct difference *difference)
{
	return are_words(difference) &&
		difference_is_type(difference, TYPE_CERT) &&
		is_mnemonic(difference, TROWEL_ALGORITHMS, difference->theirs);
}

bool kind_is_error(const struct difference *difference)
{
	return are_words(difference) &&
		(difference_is_type(difference, TYPE_TSIG) ||
			difference_is_type(difference, TYPE_TKEY)) &&
		is_mnemonic(difference, TROWEL_TSIG_ERRORS, difference->theirs);
}

/* A time as ldns writes it: the nearest to now of those that the 32 bits may
 * mean. */
static bool is_time_of(uint32_t seconds, const char *theirs)
{
	char text[32];
	time_t now = time(NULL);
	time_t at = now + (int32_t)(seconds - (uint32_t)now);
	struct tm tm;

	return gmtime_r(&at, &tm) != NULL &&
		strftime(text, sizeof(text), "%Y%m%d%H%M%S", &tm) > 0 &&
		strcmp(text, theirs) == 0;
}

/* A time that is over 2^31 seconds from now. */
bool kind_is_far_time(const struct difference *difference)
{
	struct tm tm = { 0 };
	time_t at;

	if (!are_words(difference) ||
		strptime(difference->ours, "%Y%m%d%H%M%S", &tm) == NULL)
		return false;
	at = timegm(&tm);
	return at > time(NULL) + 0x7FFFFFFF - 3600 &&
		is_time_of((uint32_t)at, difference->theirs);
}

bool kind_is_tkey_time(const struct difference *difference)
{
	return are_words(difference) &&
		difference_is_type(difference, TYPE_TKEY) &&
		is_time_of((uint32_t)strtoul(difference->ours, NULL, 10),
			difference->theirs);
}

bool kind_is_service(const struct difference *difference)
{
	return are_words(difference) &&
		difference_is_type(difference, TYPE_WKS) &&
		strspn(difference->ours, "0123456789") ==
		strlen(difference->ours) &&
		strtoul(difference->theirs, NULL, 10) == 0;
}

/* 00 and 0, 5m and 5.00m. */
bool kind_is_location_number(const struct difference *difference)
{
	char *our_end;
	char *their_end;

	return are_words(difference) &&
		difference_is_type(difference, TYPE_LOC) &&
		(long)(strtod(difference->ours, &our_end) * 1000 + 0.5) ==
		(long)(strtod(difference->theirs, &their_end) * 1000 + 0.5) &&
		strcmp(our_end, their_end) == 0;
}

/* Nothing north or south, east or west. */
bool kind_is_equator(const struct difference *difference)
{
	return are_words(difference) &&
		difference_is_type(difference, TYPE_LOC) &&
		((strcmp(difference->ours, "N") == 0 &&
			 strcmp(difference->theirs, "S") == 0 &&
			 memcmp(rdata_of(difference) + 4, "\x80\0\0", 4) ==
				 0) ||
			(strcmp(difference->ours, "E") == 0 &&
				strcmp(difference->theirs, "W") == 0 &&
				memcmp(rdata_of(difference) + 8, "\x80\0\0",
					4) == 0));
}

/* "2:ADDRESS/LENGTH", with its address in octets; false if it is none. */
static bool take_prefix(const char *text, uint8_t address[16], char *rest)
{
	char copy[64];
	size_t length;

	if (*text == '!')
		text++;
	length = strcspn(text, "/");
	if (strncmp(text, "2:", 2) != 0 || length - 2 >= sizeof(copy))
		return false;
	memcpy(copy, text + 2, length - 2);
	copy[length - 2] = '\0';
	snprintf(rest, 64, "%.60s", text + length);
	return inet_pton(AF_INET6, copy, address) == 1;
}

bool kind_is_prefix_zeros(const struct difference *difference)
{
	uint8_t addresses[2][16];
	char rests[2][64];

	return are_words(difference) &&
		difference_is_type(difference, TYPE_APL) &&
		difference->ours[0] == difference->theirs[0] &&
		take_prefix(difference->ours, addresses[0], rests[0]) &&
		take_prefix(difference->theirs, addresses[1], rests[1]) &&
		memcmp(addresses[0], addresses[1], 16) == 0 &&
		strcmp(rests[0], rests[1]) == 0;
}

bool kind_is_node_zeros(const struct difference *difference)
{
	unsigned groups[8];

	return are_words(difference) &&
		(difference_is_type(difference, TYPE_NID) ||
			difference_is_type(difference, TYPE_L64)) &&
		sscanf(difference->ours, "%x:%x:%x:%x", groups, groups + 1,
			groups + 2, groups + 3) == 4 &&
		sscanf(difference->theirs, "%x:%x:%x:%x", groups + 4,
			groups + 5, groups + 6, groups + 7) == 4 &&
		memcmp(groups, groups + 4, 4 * sizeof(groups[0])) == 0;
}

/* RFC 5155 3.3: base32hex, in letters of either case, without padding. */
bool kind_is_hash_case(const struct difference *difference)
{
	return are_words(difference) &&
		difference_is_type(difference, TYPE_NSEC3) &&
		strcasecmp(difference->ours, difference->theirs) == 0;
}

bool kind_is_hash_padding(const struct difference *difference)
{
	size_t length;

	if (!are_words(difference) ||
		!difference_is_type(difference, TYPE_NSEC3))
		return false;
	length = strlen(difference->ours);
	return strncasecmp(difference->ours, difference->theirs, length) == 0 &&
		difference->theirs[length] == '=' &&
		strspn(difference->theirs + length, "=") ==
		strlen(difference->theirs + length);
}

/* As a key, or in the list of "mandatory". */
bool kind_is_dohpath(const struct difference *difference)
{
	static char ours[TEXT_SIZE];
	struct difference rest = *difference;
	const char *from = difference->ours;
	bool has_some = false;
	size_t to = 0;

	if (!are_words(difference) || !kind_is_svcb(difference))
		return false;
	while (*from != '\0') {
		size_t length = strcspn(from + 1, ",=") + 1;
		const char *key = *from == 'k' ? from : from + 1;
		bool is_key = length == (size_t)(key - from) + 4 &&
			strncmp(key, "key7", 4) == 0;

		memcpy(ours + to, from, length);
		to += length;
		from += length;
		if (is_key) {
			memcpy(ours + to - 4, "dohpath", 7);
			to += 3;
			has_some = true;
		}
	}
	ours[to] = '\0';
	rest.ours = ours;
	return has_some && is_level(&rest, false);
}

/* An alpn with an id of no octets: trowel writes the value as octets. */
bool kind_is_empty_id(const struct difference *difference)
{
	const struct pair *pair = difference->pair;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;

	if (!are_words(difference) || !kind_is_svcb(difference) ||
		strncmp(difference->ours, "alpn=", 5) != 0)
		return false;
	while (trowel_field_next(
		&pair->message, difference->record, &iterator, &field)) {
		size_t at = field.offset;
		size_t end = at + field.length;

		if (field.kind != TROWEL_KIND_PARAM || field.number != 1)
			continue;
		while (at < end && pair->octets[at] != 0)
			at += pair->octets[at] + 1U;
		return at < end;
	}
	return false;
}

bool kind_is_empty_value(const struct difference *difference)
{
	return (difference_is_type(difference, TYPE_CAA) ||
		       difference_is_type(difference, TYPE_URI)) &&
		difference->theirs == NULL && difference->ours != NULL &&
		strcmp(difference->ours, "\"\"") == 0;
}
