/* SPDX-License-Identifier: MIT */
/* Keys for TSIG, out of the command line (-y) and of files (-k). */
#ifndef TW_TSIG_KEY_H
#define TW_TSIG_KEY_H

#include "cli/tsig.h"

/* Both return 0, or say what is wrong and return the exit status. */

/* "[ALGORITHM[-BITS]:]NAME:SECRET"; without an algorithm, hmac-md5 as in dig. */
int tw_tsig_key_parse(struct tw_tsig_key *key, const char *text);

/* A file of named.conf's form with one key clause, as tsig-keygen writes it;
 * or of a pair K*.key and K*.private, by the name of either, or of none. */
int tw_tsig_key_read(struct tw_tsig_key *key, const char *name);

#endif
