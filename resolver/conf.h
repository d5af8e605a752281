/* SPDX-License-Identifier: MIT */
/* The texts that configure the resolver -> options. Pure: neither files nor
 * the environment are touched here. All are linear in `length`; no line is too
 * long; a NUL is an octet like another. */
#ifndef TW_CONF_H
#define TW_CONF_H

#include <trowel/resolver.h>

/* Sets what a resolv.conf may say back to the defaults, but for the deadline. */
void tw_conf_reset(struct trowel_options *options);

/* Adds what a text as of resolv.conf(5) says: see trowel_options_load(). */
void tw_conf_parse(
	struct trowel_options *options, const char *text, size_t length);

/* The words of its `search` and `options` lines alone: LOCALDOMAIN takes the
 * search list's place, RES_OPTIONS adds to what there is. */
void tw_conf_search(
	struct trowel_options *options, const char *text, size_t length);
void tw_conf_options(
	struct trowel_options *options, const char *text, size_t length);

/* The order of sources in the `hosts:` line of nsswitch.conf(5). A service
 * that is neither files nor dns is passed over, together with its actions; of
 * the others' actions, [NOTFOUND=return] and [!UNAVAIL=return] end the list. */
void tw_conf_sources(
	struct trowel_options *options, const char *text, size_t length);

#endif
