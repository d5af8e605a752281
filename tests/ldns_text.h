/* SPDX-License-Identifier: MIT */
/* RDATA as the two write it. */
#ifndef TROWEL_TESTS_LDNS_TEXT_H
#define TROWEL_TESTS_LDNS_TEXT_H

#include "tests/ldns_pair.h"

/* Compares the texts of a record's RDATA, as a whole and, if the listener does
 * not know that difference, word by word. */
void text_compare(const struct pair *pair, const struct trowel_record *record,
	const ldns_rr *rr, const struct listener *listener);

#endif
