/* SPDX-License-Identifier: MIT */
/* The text of resolv.conf(5) -> options. Pure: no file is touched here. */
#ifndef TW_CONF_H
#define TW_CONF_H

#include <trowel/resolver.h>

/* Adds what `text` says to the options: see trowel_options_load(). Linear in
 * `length`; no line is too long; a NUL is an octet like another. */
void tw_conf_parse(
	struct trowel_options *options, const char *text, size_t length);

#endif
