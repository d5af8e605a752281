/* SPDX-License-Identifier: MIT */
#include "cli/suggest.h"

#include <stdint.h>
#include <string.h>

#include "cli/octets.h"

#define WORD_MAX 32
/* Types and classes above have no names, but for TA and DLV. */
#define CODE_LAST 511
#define CODE_TA 32768
#define CODE_DLV 32769

static unsigned least_of(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned tw_slips(const char *a, const char *b)
{
	unsigned rows[3][WORD_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2], *spare;
	size_t i, j, a_length = strlen(a), b_length = strlen(b);

	if (a_length > WORD_MAX || b_length > WORD_MAX)
		return WORD_MAX;
	for (j = 0; j <= b_length; j++)
		last[j] = (unsigned)j;
	for (i = 1; i <= a_length; i++) {
		row[0] = (unsigned)i;
		for (j = 1; j <= b_length; j++) {
			unsigned change =
				tw_lower_of(a[i - 1]) != tw_lower_of(b[j - 1]);

			row[j] = least_of(last[j - 1] + change,
				least_of(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 &&
				tw_lower_of(a[i - 1]) ==
					tw_lower_of(b[j - 2]) &&
				tw_lower_of(a[i - 2]) == tw_lower_of(b[j - 1]))
				row[j] = least_of(row[j], before[j - 2] + 1);
		}
		spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[b_length];
}

unsigned tw_slips_allowed(const char *word)
{
	return strlen(word) < 6 ? 1 : 2;
}

/* RFC 3597 5: TYPE123, CLASS123 are no mnemonics. */
static bool is_mnemonic(const char *text)
{
	return strpbrk(text, "0123456789") == NULL ||
		(strncmp(text, "TYPE", 4) != 0 &&
			strncmp(text, "CLASS", 5) != 0 &&
			strncmp(text, "RESERVED", 8) != 0);
}

bool tw_suggest_code(enum trowel_registry registry, const char *word,
	char best[TROWEL_CODE_TEXT_SIZE])
{
	unsigned least = tw_slips_allowed(word) + 1, slips;
	char text[TROWEL_CODE_TEXT_SIZE];
	size_t length;
	uint16_t code;

	for (code = 1; code <= CODE_DLV;
		code = code == CODE_LAST ? CODE_TA : (uint16_t)(code + 1)) {
		length = trowel_code_format(registry, code, text);
		slips = tw_slips(word, text);
		if (slips >= least || !is_mnemonic(text))
			continue;
		least = slips;
		memcpy(best, text, length + 1);
	}
	return least <= tw_slips_allowed(word);
}
