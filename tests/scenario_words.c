/* SPDX-License-Identifier: MIT */
/* Words, numbers, times and octets of scenarios. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario_parts.h"

int scenario_find(const struct scenario_word *table, const char *text)
{
	for (; text != NULL && table->text != NULL; table++) {
		if (strcmp(table->text, text) == 0)
			return table->value;
	}
	return -1;
}

const char *scenario_name_of(const struct scenario_word *table, int value)
{
	while (table->text != NULL && table->value != value)
		table++;
	return table->text != NULL ? table->text : "?";
}

char *scenario_value_of(char *word, const char *key)
{
	size_t length = strlen(key);

	if (strncmp(word, key, length) != 0 || word[length] != '=')
		return NULL;
	return word + length + 1;
}

bool scenario_take_number(struct scenario *s, const char *text,
	unsigned long most, void *to, size_t size)
{
	char *end;
	unsigned long number = text != NULL ? strtoul(text, &end, 0) : 0;

	if (text == NULL || end == text || *end != '\0' || number > most)
		return scenario_wrong(s,
			"no number, or too large:", text != NULL ? text : "");
	switch (size) {
	case 1:
		*(uint8_t *)to = (uint8_t)number;
		break;
	case 2:
		*(uint16_t *)to = (uint16_t)number;
		break;
	case 4:
		*(uint32_t *)to = (uint32_t)number;
		break;
	default:
		*(unsigned long *)to = number;
	}
	return true;
}

/* Milliseconds with decimals, to microseconds. */
bool scenario_take_time(struct scenario *s, const char *text, uint64_t *us)
{
	unsigned long long whole;
	unsigned long part = 0;
	char *end = NULL;

	whole = text != NULL ? strtoull(text, &end, 10) : 0;
	if (text != NULL && *end == '.') {
		char digits[4] = "000";

		for (int i = 0; i < 3 && end[1] >= '0' && end[1] <= '9'; i++)
			digits[i] = *++end;
		end++;
		part = strtoul(digits, NULL, 10);
	}
	if (text == NULL || end == text || *end != '\0')
		return scenario_wrong(s, "no time:", text != NULL ? text : "");
	*us = whole * 1000 + part;
	return true;
}

size_t scenario_take_hex(const char *text, uint8_t *octets, size_t size)
{
	size_t count = 0;
	unsigned octet;

	for (; text[0] != '\0'; text += 2) {
		if (count == size || strspn(text, "0123456789abcdefABCDEF") < 2)
			return size + 1;
		sscanf(text, "%2x", &octet);
		octets[count++] = (uint8_t)octet;
	}
	return count;
}

const uint8_t *scenario_find_cookie(
	const uint8_t *octets, size_t length, size_t *size)
{
	struct trowel_message message;
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;

	if (trowel_message_decode(&message, octets, length, NULL) != TROWEL_OK)
		return NULL;
	while (trowel_option_next(&message, &iterator, &option)) {
		if (option.number == 10) {
			*size = option.length;
			return octets + option.offset;
		}
	}
	return NULL;
}
