/* SPDX-License-Identifier: MIT */
#include "cli/edns.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "config.h"

#ifdef HAVE_SYS_RANDOM_H
#include <sys/random.h>
#endif
#ifdef COMMAND_ALONE
#include <sys/auxv.h>
#endif

#define OPTION_FIXED 4 /* code and length, RFC 6891 6.1.2 */

enum {
	NSID = 3,
	CLIENT_SUBNET = 8,
	EXPIRE = 9,
	COOKIE = 10,
	KEEPALIVE = 11,
	PADDING = 12
};

bool tw_edns_is_sent(const struct tw_edns *edns)
{
	return edns->on || edns->dnssec || edns->size_given ||
		edns->subnet.family;
}

/* A number of at most `most`; nothing may follow. */
static bool read_number(const char *text, unsigned most, unsigned *number)
{
	if (*text == '\0')
		return false;
	for (*number = 0; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		*number = *number * 10 + (unsigned)(*text - '0');
		if (*number > most)
			return false;
	}
	return true;
}

/* An address; with `is_part` an IPv4 address may be its first octets alone. */
static bool read_address(
	const char *text, bool is_part, struct tw_subnet *subnet)
{
	static const char zeros[] = ".0.0.0";
	char whole[INET6_ADDRSTRLEN + sizeof(zeros)];
	size_t length = strlen(text), dots = 0, i;

	subnet->family = 2;
	if (inet_pton(AF_INET6, text, subnet->address) == 1)
		return true;
	for (i = 0; i < length; i++)
		dots += text[i] == '.';
	if (!is_part || dots > 3)
		dots = 3;
	if (length > INET6_ADDRSTRLEN)
		return false;
	memcpy(whole, text, length);
	memcpy(whole + length, zeros + dots * 2, sizeof(zeros) - dots * 2);
	subnet->family = 1;
	return inet_pton(AF_INET, whole, subnet->address) == 1;
}

/* RFC 7871 6: bits behind the prefix are 0. */
static void clear_tail(struct tw_subnet *subnet)
{
	size_t i = subnet->length / 8;

	if (subnet->length % 8)
		subnet->address[i++] &=
			(uint8_t)(0xFF00U >> (subnet->length % 8));
	memset(subnet->address + i, 0, sizeof(subnet->address) - i);
}

bool tw_subnet_parse(const char *text, struct tw_subnet *subnet)
{
	static const struct tw_subnet none;
	char address[INET6_ADDRSTRLEN];
	size_t length = strcspn(text, "/");
	bool has_length = text[length] == '/';
	unsigned bits, most;

	*subnet = none;
	if (strcmp(text, "0") == 0)
		text = "0.0.0.0/0", length = 7, has_length = true;
	if (length >= sizeof(address))
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	if (!read_address(address, has_length, subnet))
		return false;
	most = subnet->family == 1 ? 32 : 128;
	bits = most;
	if (has_length && !read_number(text + length + 1, most, &bits))
		return false;
	subnet->length = (uint8_t)bits;
	clear_tail(subnet);
	return true;
}

int tw_hex_digit(char character)
{
	if (character >= '0' && character <= '9')
		return character - '0';
	if (character >= 'a' && character <= 'f')
		return character - 'a' + 10;
	if (character >= 'A' && character <= 'F')
		return character - 'A' + 10;
	return -1;
}

bool tw_hex_parse(
	const char *text, uint8_t *octets, size_t size, size_t *length)
{
	size_t i, count = strlen(text) / 2;

	if (count == 0 || strlen(text) % 2 || count > size)
		return false;
	for (i = 0; i < count; i++) {
		int high = tw_hex_digit(text[i * 2]);
		int low = tw_hex_digit(text[i * 2 + 1]);

		if (high < 0 || low < 0)
			return false;
		octets[i] = (uint8_t)(high * 16 + low);
	}
	*length = count;
	return true;
}

/* Writes an option at `at`, and returns where the next one goes. */
static size_t put_option(uint8_t *octets, size_t at, unsigned code,
	const uint8_t *data, size_t length)
{
	octets[at] = (uint8_t)(code / 256);
	octets[at + 1] = (uint8_t)(code % 256);
	octets[at + 2] = (uint8_t)(length / 256);
	octets[at + 3] = (uint8_t)(length % 256);
	if (data)
		memcpy(octets + at + OPTION_FIXED, data, length);
	else
		memset(octets + at + OPTION_FIXED, 0, length);
	return at + OPTION_FIXED + length;
}

/* A number, a mnemonic, or one of dig's words for it. */
static bool read_code(const char *name, uint16_t *code)
{
	static const struct {
		char name[10];
		uint16_t code;
	} words[] = { { "ECS", CLIENT_SUBNET }, { "KEEPALIVE", KEEPALIVE },
		{ "PAD", PADDING } };
	unsigned number;
	size_t i;

	if (read_number(name, 65535, &number)) {
		*code = (uint16_t)number;
		return true;
	}
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(words[i].name, name) == 0) {
			*code = words[i].code;
			return true;
		}
	return trowel_code_parse(TROWEL_OPTIONS, name, strlen(name), code);
}

bool tw_edns_add(struct tw_edns *edns, const char *text)
{
	uint8_t data[TW_EDNS_OPTIONS_MAX];
	char name[TROWEL_CODE_TEXT_SIZE];
	size_t name_length = strcspn(text, ":"), length = 0;
	size_t at = edns->others_length;
	uint16_t code;

	if (name_length >= sizeof(name))
		return false;
	memcpy(name, text, name_length);
	name[name_length] = '\0';
	if (!read_code(name, &code))
		return false;
	text += name_length;
	/* "CODE:" is an empty option, as in dig. */
	if (text[0] == ':' && text[1] != '\0' &&
		!tw_hex_parse(text + 1, data, sizeof(data), &length))
		return false;
	if (length + OPTION_FIXED > sizeof(edns->others) - at)
		return false;
	edns->others_length =
		(uint16_t)put_option(edns->others, at, code, data, length);
	return true;
}

bool tw_random(uint8_t *octets, size_t length)
{
#ifdef HAVE_GETRANDOM
	return getrandom(octets, length, 0) == (ssize_t)length;
#elif defined(HAVE_GETENTROPY)
	return getentropy(octets, length) == 0;
#else
	FILE *file = fopen("/dev/urandom", "rb");
	bool good = file && fread(octets, 1, length, file) == length;

	if (file)
		fclose(file);
	return good;
#endif
}

static bool fill_cookie(uint8_t *octets, bool is_another)
{
#if defined(COMMAND_ALONE) && !defined(__GLIBC__)
	/* A program is given 16 random octets, of which musl uses eight. */
	const uint8_t *given = (const uint8_t *)getauxval(AT_RANDOM);

	if (given && !is_another) {
		memcpy(octets, given + 8, TW_CLIENT_COOKIE);
		return true;
	}
#else
	(void)is_another;
#endif
	return tw_random(octets, TW_CLIENT_COOKIE);
}

bool tw_edns_make_cookie(struct tw_edns *edns, bool is_another)
{
	if (!tw_edns_is_sent(edns) || !edns->cookie || edns->cookie_length)
		return true;
	edns->cookie_length = TW_CLIENT_COOKIE;
	return fill_cookie(edns->cookie_octets, is_another);
}

/* RFC 7871 6: just the octets that hold the prefix. */
static size_t put_subnet(
	uint8_t *octets, size_t at, const struct tw_subnet *subnet)
{
	uint8_t data[20] = { 0 };
	size_t length = ((size_t)subnet->length + 7) / 8;

	data[1] = (uint8_t)subnet->family;
	data[2] = subnet->length;
	memcpy(data + 4, subnet->address, length);
	return put_option(octets, at, CLIENT_SUBNET, data, 4 + length);
}

size_t tw_edns_encode(const struct tw_edns *edns, size_t size,
	uint8_t octets[TW_EDNS_SIZE_MAX])
{
	size_t at = 0, over;

	if (edns->nsid)
		at = put_option(octets, at, NSID, NULL, 0);
	if (edns->subnet.family)
		at = put_subnet(octets, at, &edns->subnet);
	if (edns->cookie)
		at = put_option(octets, at, COOKIE, edns->cookie_octets,
			edns->cookie_length);
	if (edns->expire)
		at = put_option(octets, at, EXPIRE, NULL, 0);
	if (edns->keepalive)
		at = put_option(octets, at, KEEPALIVE, NULL, 0);
	memcpy(octets + at, edns->others, edns->others_length);
	at += edns->others_length;
	if (!edns->padding)
		return at;
	/* RFC 8467 4.1: to a multiple of the block. */
	over = (size + at + OPTION_FIXED) % edns->padding;
	return put_option(
		octets, at, PADDING, NULL, over ? edns->padding - over : 0);
}
