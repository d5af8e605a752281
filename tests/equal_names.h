/* SPDX-License-Identifier: MIT */
/* Names in wire form, and whether they are the same (RFC 4343): by themselves
 * and inside a message, which compares them in another way. */
#ifndef TROWEL_TESTS_EQUAL_NAMES_H
#define TROWEL_TESTS_EQUAL_NAMES_H

#include <stdbool.h>

static const struct {
	const char *why;
	const char *a;
	const char *b;
	bool expected;
} equal_rows[] = {
	{ "the root", "00", "00", true },
	{ "letters of either case", "02 615a 01 41 00", "02 417a 01 61 00",
		true },
	{ "[ and { differ by the bit that tells case", "01 5b 00", "01 7b 00",
		false },
	{ "@ and `", "01 40 00", "01 60 00", false },
	{ "Z and z, and ^ and ~", "02 5a5e 00", "02 7a7e 00", false },
	{ "letters of Latin-1 are none", "01 c9 00", "01 e9 00", false },
	{ "octets beyond ASCII", "01 c9 00", "01 c9 00", true },
	{ "a longer one", "01 61 00", "01 61 01 61 00", false },
	{ "a longer label", "01 61 00", "02 6161 00", false },
	{ "labels cut differently", "03 610161 00", "01 61 01 61 00", false },
	{ "a dot inside a label", "03 612e62 00", "01 61 01 62 00", false },
	{ "the last label", "01 61 01 62 00", "01 61 01 63 00", false },
};

#endif
