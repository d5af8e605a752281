/* SPDX-License-Identifier: MIT */
#ifndef TW_OPTIONS_H
#define TW_OPTIONS_H

#include <trowel/resolver.h>

/* Reads resolv.conf again if it is another file than it was when this was
 * called last: one stat() where it is not. *state is 0 at first: then nothing
 * is read. What the file may say is taken from it alone, everything else in
 * *options stays; and so does all of it while there is no file that can be
 * read. Whether *options is new. */
bool tw_options_reload(struct trowel_options *options, uint64_t *state);

#endif
