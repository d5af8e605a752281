/* SPDX-License-Identifier: MIT */
#include "cli/complain.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/attempts.h"

static void say(const char *start, const char *format, va_list arguments)
{
	char line[1024];
	size_t length = strlen(start);
	int needed;

	memcpy(line, start, length);
	needed = vsnprintf(
		line + length, sizeof(line) - length - 1, format, arguments);
	length += needed < 0 ? 0 : (size_t)needed;
	if (length > sizeof(line) - 2)
		length = sizeof(line) - 2;
	line[length] = '\n';
	/* Nobody is left to be told when this fails. */
	if (write(STDERR_FILENO, line, length + 1) < 0)
		return;
}

void tw_complain(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("trowel: ", format, arguments);
	va_end(arguments);
}

void tw_say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("", format, arguments);
	va_end(arguments);
}

int tw_complain_of_output(int error)
{
	if (!error)
		return 0;
	tw_complain("cannot write the output: %s", strerror(error));
	return error == ENOMEM ? TW_EXIT_INTERNAL : TW_EXIT_FILE;
}

/* A server may be listed twice. */
static bool is_same_server(const struct trowel_answer *answer,
	const struct trowel_attempt *attempt,
	const struct trowel_attempt *other)
{
	const struct trowel_address *a = &answer->servers[attempt->server];
	const struct trowel_address *b = &answer->servers[other->server];

	return a->family == b->family && a->port == b->port &&
		a->scope == b->scope &&
		memcmp(a->octets, b->octets, a->family == 4 ? 4 : 16) == 0;
}

/* How an attempt failed: a few words, cut off at `size`. */
static void describe(const struct trowel_answer *answer,
	const struct trowel_attempt *attempt, char *text, size_t size)
{
	if (attempt->outcome == TROWEL_ATTEMPT_CLOSED)
		snprintf(text, size,
			"connection closed before the reply was whole");
	else if (!tw_attempt_reason(answer, attempt, text, size))
		snprintf(text, size, "timed out");
}

/* `warning` stands before it: "" where there is no answer at all. */
static void complain_of_attempt(const struct trowel_answer *answer,
	const struct trowel_attempt *attempt, const char *warning,
	unsigned count)
{
	char server[TROWEL_ADDRESS_TEXT_SIZE + 16], reason[256];
	const struct trowel_address *address =
		&answer->servers[attempt->server];
	size_t length = trowel_address_format(address, server);

	snprintf(server + length, sizeof(server) - length, "#%u%s",
		address->port,
		attempt->transport == TROWEL_TCP ? " by TCP" : "");
	describe(answer, attempt, reason, sizeof(reason));
	if (attempt->outcome == TROWEL_ATTEMPT_MALFORMED)
		tw_complain("%smalformed answer: %s from %s (%u attempt%s)",
			warning, reason, server, count, count == 1 ? "" : "s");
	else
		tw_complain("%sno reply from %s: %s (%u attempt%s)", warning,
			server, reason, count, count == 1 ? "" : "s");
}

/* One server's attempts in one line: its last, or one that says more than a
 * timeout. */
static void complain_of_server(
	const struct trowel_answer *answer, uint16_t first)
{
	const struct trowel_attempt *told = &answer->attempts[first];
	unsigned count = 0, ignored = 0;
	uint16_t i;

	for (i = first; i < answer->attempt_count; i++) {
		const struct trowel_attempt *attempt = &answer->attempts[i];

		if (!is_same_server(answer, attempt, told))
			continue;
		count++;
		ignored += attempt->ignored;
		if (told->outcome != TROWEL_ATTEMPT_MALFORMED)
			told = attempt;
	}
	complain_of_attempt(answer, told, "", count);
	if (ignored)
		tw_complain(
			"%u datagram%s ignored that did not match the query",
			ignored, ignored == 1 ? "" : "s");
}

void tw_complain_of_failure(const struct trowel_answer *answer)
{
	uint16_t i, j;

	for (i = 0; i < answer->attempt_count; i++) {
		for (j = 0; j < i; j++)
			if (is_same_server(answer, &answer->attempts[i],
				    &answer->attempts[j]))
				break;
		if (j == i)
			complain_of_server(answer, i);
	}
	if (answer->attempt_count == 0)
		tw_complain("no reply: %s", trowel_status_text(answer->status));
}

void tw_complain_of_detours(const struct trowel_answer *answer)
{
	const struct trowel_attempt *attempt = answer->attempts;
	unsigned ignored = 0;
	uint16_t i;

	for (i = 0; i < answer->attempt_count; i++, attempt++) {
		ignored += attempt->ignored;
		if (attempt->outcome == TROWEL_ATTEMPT_MALFORMED ||
			attempt->outcome == TROWEL_ATTEMPT_ERROR ||
			attempt->outcome == TROWEL_ATTEMPT_CLOSED)
			complain_of_attempt(answer, attempt, "warning: ", 1);
	}
	if (ignored)
		tw_complain("warning: %u datagram%s ignored that did not match "
			    "the query",
			ignored, ignored == 1 ? "" : "s");
}
