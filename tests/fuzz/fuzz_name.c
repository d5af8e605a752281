/* SPDX-License-Identifier: MIT */
/*
 * Text -> name -> text -> name, and text -> code -> mnemonic -> code.
 *
 * Input: the text.
 */
#include "tests/fuzz/fuzz.h"
#include "wire/wire.h"

static void check_bad(const struct trowel_name *name, enum trowel_status status,
	size_t position, size_t length);
static void check_good(const struct trowel_name *name);
static void check_codes(const char *text, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size);
	struct trowel_name name;
	size_t position = SIZE_MAX;
	enum trowel_status status;

	memset(&name, 0xAA, sizeof name);
	status = trowel_name_parse(text, size, &name, &position);
	if (status == TROWEL_OK)
		check_good(&name);
	else
		check_bad(&name, status, position, size);
	check_codes(text, size);
	free(text);
	return 0;
}

static void check_bad(const struct trowel_name *name, enum trowel_status status,
	size_t position, size_t length)
{
	HOLDS(status >= TROWEL_EMPTY_LABEL && status <= TROWEL_BAD_ESCAPE);
	HOLDS(position <= length);
	HOLDS(name->length == 1);
	HOLDS(name->octets[0] == 0);
}

static void check_well_formed(const struct trowel_name *name)
{
	size_t at = 0;

	HOLDS(name->length > 0);
	while (name->octets[at] != 0) {
		HOLDS(name->octets[at] <= TROWEL_LABEL_MAX);
		at += (size_t)name->octets[at] + 1;
		HOLDS(at < name->length);
	}
	HOLDS(at + 1 == name->length);
}

/* Names are equal whatever the case of their letters, RFC 4343 3. */
static void check_case(const struct trowel_name *name)
{
	struct trowel_name other = *name;

	for (size_t i = 0; i < name->length; i++) {
		uint8_t octet = name->octets[i];

		if ((octet >= 'A' && octet <= 'Z') ||
			(octet >= 'a' && octet <= 'z'))
			other.octets[i] = octet ^ 0x20;
	}
	HOLDS(trowel_name_is_equal(name, &other));
	other.octets[name->length / 2] ^= 0x80;
	HOLDS(!trowel_name_is_equal(name, &other));
}

static void check_good(const struct trowel_name *name)
{
	char *text = fuzz_block(TROWEL_NAME_TEXT_SIZE);
	size_t length = trowel_name_format(name, text);
	char *again = fuzz_copy(text, length);
	struct trowel_name other;
	size_t position;

	check_well_formed(name);
	HOLDS(length > 0 && length < TROWEL_NAME_TEXT_SIZE);
	HOLDS(text[length] == '\0');
	HOLDS(text[length - 1] == '.');
	for (size_t i = 0; i < length; i++)
		HOLDS(text[i] > 0x20 && text[i] < 0x7F);
	HOLDS(trowel_name_parse(again, length, &other, &position) == TROWEL_OK);
	HOLDS(other.length == name->length);
	HOLDS(memcmp(other.octets, name->octets, name->length) == 0);
	check_case(name);
	free(again);
	free(text);
}

/* A mnemonic stands for a code, and that code's mnemonic for it as well. */
static void check_codes(const char *text, size_t length)
{
	for (int i = TROWEL_TYPES; i <= TROWEL_PARAMS; i++) {
		enum trowel_registry registry = (enum trowel_registry)i;
		char mnemonic[TROWEL_CODE_TEXT_SIZE];
		uint16_t code = 0xAAAA;
		uint16_t again = 0x5555;
		size_t count;

		if (!trowel_code_parse(registry, text, length, &code)) {
			HOLDS(code == 0xAAAA);
			continue;
		}
		count = trowel_code_format(registry, code, mnemonic);
		HOLDS(count < TROWEL_CODE_TEXT_SIZE);
		HOLDS(strlen(mnemonic) == count);
		/* RCODEs without a name are written in dig's way, "?2000" */
		if (mnemonic[0] == '?')
			continue;
		HOLDS(trowel_code_parse(registry, mnemonic, count, &again));
		HOLDS(again == code);
	}
}
