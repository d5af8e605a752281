/* SPDX-License-Identifier: MIT */
/*
 * What every unit test program shares. A program is a table of cases and
 *
 *	int main(int argc, char **argv)
 *	{
 *		return check_main(argc, argv, cases, CHECK_COUNT(cases));
 *	}
 *
 * The assertions are CUnit's. "test_name pointer" runs only the cases that have
 * "pointer" in their name.
 */
#ifndef TROWEL_TESTS_CHECK_H
#define TROWEL_TESTS_CHECK_H

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>

struct check_case {
	const char *name;
	void (*run)(void);
};

/* clang-format off */
#define CHECK_CASE(function) { #function, function }
/* clang-format on */
#define CHECK_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * Runs the cases, prints "N passed, N failed" (and ", N skipped") as the last
 * line, and returns the exit status: 0, or 1 when a case failed.
 */
int check_main(
	int argc, char **argv, const struct check_case *cases, size_t count);

/* Called by a case that cannot run here: it counts as skipped. Then return. */
void check_skip(const char *reason);

/*
 * For programs that ask the dnsmasq of fixtures/: called first in main, it runs
 * the program again under fixtures/with-dnsmasq.sh, unless it already runs
 * there. Exits with status 77 ("skipped") where there is no dnsmasq.
 */
void check_need_dnsmasq(char **argv);

/* The port of that dnsmasq, on 127.0.0.1 and (see check_has_ipv6) ::1. */
unsigned check_dnsmasq_port(void);

/* Whether ::1 can be bound. */
int check_has_ipv6(void);

/* Skips the running case and says so where getrandom() is not used. */
bool check_lacks_getrandom(void);

/*
 * Runs the command: its words, and what a shell would make of them. Puts what it
 * prints and says, mixed, into text; returns its exit status.
 */
int check_command(const char *arguments, char *text, size_t size);

/* The number that the next descriptor has. */
int check_next_descriptor(void);

/* No descriptor from that number on is to be had. Returns the limit before. */
rlim_t check_limit_descriptors(rlim_t count);

/* The path of a file of the source tree; released with free. */
char *check_source_path(const char *relative);

/*
 * A copy in a heap block of exactly its size, so that a sanitizer sees the
 * first octet read past it; released with free. Never NULL.
 */
void *check_copy(const void *octets, size_t length);

#endif
