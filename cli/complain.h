/* SPDX-License-Identifier: MIT */
/* What goes to standard error: failures and warnings, each with its reason. */
#ifndef TW_COMPLAIN_H
#define TW_COMPLAIN_H

#include <trowel/resolver.h>

/* dig's exit statuses, and what we take them for. */
enum tw_exit {
	TW_EXIT_REPLY = 0, /* a reply came, whatever its RCODE */
	TW_EXIT_USAGE = 1,
	TW_EXIT_MALFORMED = 1, /* what is to be decoded is no message */
	/* with +rc */
	TW_EXIT_NXDOMAIN = 2,
	TW_EXIT_NO_DATA = 3,
	TW_EXIT_SERVFAIL = 4,
	TW_EXIT_REFUSED = 5,
	TW_EXIT_RCODE = 6, /* another one */
	/* always */
	TW_EXIT_DIFFERENT = 1, /* what several servers say */
	TW_EXIT_FILE = 8, /* a file cannot be read, the output not written */
	TW_EXIT_NO_REPLY = 9,
	TW_EXIT_INTERNAL = 10 /* also a name or number that cannot be used */
};

/* Writes "trowel: ", the text, and a newline to standard error. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
void tw_complain(const char *format, ...);

/* Likewise, without our name: dig's words. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
void tw_say(const char *format, ...);

/* Says that the output cannot be written, and returns the exit status; 0 where
 * the errno is 0. */
int tw_complain_of_output(int error);

/* Says why no reply came: a line for each server asked. */
void tw_complain_of_failure(const struct trowel_answer *answer);

/* Says what went wrong on the way to a reply, but for mere timeouts. */
void tw_complain_of_detours(const struct trowel_answer *answer);

#endif
