/* SPDX-License-Identifier: MIT */
#include "resolver/host.h"

#include <string.h>

#include "resolver/address.h"

static bool is_printable(const char *text);
static bool ends_in_number(const char *text);
static bool is_digit(char character, bool hex);
static bool is_host_octet(uint8_t octet);

enum trowel_status tw_host_parse(const char *text, struct trowel_name *name)
{
	size_t position;

	if (!is_printable(text))
		return TROWEL_BAD_ARGUMENT;
	if (ends_in_number(text))
		return TROWEL_BAD_ADDRESS;
	return trowel_name_parse(text, strlen(text), name, &position);
}

bool tw_host_is_good(const struct trowel_name *name)
{
	size_t at = 0;

	if (name->octets[1] == '-')
		return false;
	while (name->octets[at] != 0) {
		size_t end = at + 1u + name->octets[at];

		while (++at < end)
			if (!is_host_octet(name->octets[at]))
				return false;
	}
	return true;
}

bool tw_host_is_whole(const char *text)
{
	size_t end = strlen(text);
	size_t backslashes = 0;

	if (end == 0 || text[end - 1] != '.')
		return false;
	while (backslashes < end - 1 && text[end - 2 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2 == 0;
}

bool tw_host_is_under(const struct trowel_name *name, const char *top)
{
	size_t length = strlen(top);
	size_t start = 0;

	/* to the last label before the root */
	for (size_t i = 0; name->octets[i] != 0; i += 1u + name->octets[i])
		start = i;
	if (name->octets[start] != length)
		return false;
	while (length > 0 &&
		(name->octets[start + length] | 0x20) == top[length - 1])
		length--;
	return length == 0;
}

size_t tw_host_dots(const struct trowel_name *name)
{
	size_t labels = 0;

	for (size_t i = 0; name->octets[i] != 0; i += 1u + name->octets[i])
		labels++;
	return labels > 0 ? labels - 1 : 0;
}

enum trowel_status tw_service_port(const char *text, uint16_t *port)
{
	uint32_t value = 0;

	if (text != NULL &&
		!tw_number_read(text, strlen(text), UINT16_MAX, &value))
		return TROWEL_BAD_ARGUMENT;
	*port = (uint16_t)value;
	return TROWEL_OK;
}

/* UTF-8 is not what the DNS knows names by: IDNA (RFC 5890) comes first. */
static bool is_printable(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < 0x21 || *text > 0x7E)
			return false;
	return true;
}

/* Whether the last label is 127, or 0x7f: no top-level domain is (RFC 3696 2),
 * but inet_aton() takes "127.1" and "0x7f.1" for addresses. Whoever checked
 * the text by it must not get an answer of the DNS instead. */
static bool ends_in_number(const char *text)
{
	bool hex = false;
	size_t end = strlen(text);
	size_t start;

	if (end > 0 && text[end - 1] == '.')
		end--;
	start = end;
	while (start > 0 && text[start - 1] != '.')
		start--;
	if (end - start >= 2 && text[start] == '0' &&
		(text[start + 1] | 0x20) == 'x') {
		hex = true;
		start += 2;
	} else if (start == end) {
		return false;
	}
	while (start < end && is_digit(text[start], hex))
		start++;
	return start == end;
}

static bool is_digit(char character, bool hex)
{
	int small = character | 0x20;

	return (character >= '0' && character <= '9') ||
		(hex && small >= 'a' && small <= 'f');
}

static bool is_host_octet(uint8_t octet)
{
	uint8_t small = octet | 0x20;

	return (small >= 'a' && small <= 'z') ||
		(octet >= '0' && octet <= '9') || octet == '-' || octet == '_';
}
