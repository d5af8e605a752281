/* SPDX-License-Identifier: MIT */
/* attempts NAME TYPE [RESOLV.CONF]: looks up one question, and prints whom it
 * asked, when, by what transport, and what became of that. */
#include <stdio.h>
#include <string.h>
#include <trowel/resolver.h>

static const char *outcome(const struct trowel_attempt *attempt)
{
	switch (attempt->outcome) {
	case TROWEL_ANSWERED:
		return "answered";
	case TROWEL_ATTEMPT_TIMED_OUT:
		return "timed out";
	case TROWEL_ATTEMPT_TRUNCATED:
		return "truncated, asked again by TCP";
	case TROWEL_ATTEMPT_FAILED:
		return "failed";
	case TROWEL_ATTEMPT_LAME:
		return "lame";
	case TROWEL_ATTEMPT_MALFORMED:
		return trowel_status_text(attempt->status);
	case TROWEL_ATTEMPT_CLOSED:
		return "connection closed";
	case TROWEL_ATTEMPT_ERROR:
		return strerror(attempt->error);
	default:
		return "no reply";
	}
}

static void print(const struct trowel_answer *answer)
{
	char server[TROWEL_ADDRESS_TEXT_SIZE], rcode[TROWEL_CODE_TEXT_SIZE];

	for (uint16_t i = 0; i < answer->attempt_count; i++) {
		const struct trowel_attempt *attempt = &answer->attempts[i];
		const struct trowel_address *address =
			&answer->servers[attempt->server];

		trowel_address_format(address, server);
		trowel_code_format(TROWEL_RCODES, attempt->rcode, rcode);
		printf("%u.%03u ms  %s port %u  %s  %s",
			attempt->sent_us / 1000, attempt->sent_us % 1000,
			server, address->port,
			attempt->transport == TROWEL_TCP ? "TCP" : "UDP",
			outcome(attempt));
		printf("%s%s\n", attempt->rcode != 0 ? ", " : "",
			attempt->rcode != 0 ? rcode : "");
	}
}

int main(int argc, char **argv)
{
	struct trowel_options options;
	struct trowel_answer *answer = NULL;
	struct trowel *t;
	enum trowel_status status;
	char rcode[TROWEL_CODE_TEXT_SIZE];
	uint16_t type;

	trowel_options_init(&options);
	if (argc < 3 ||
		!trowel_code_parse(
			TROWEL_TYPES, argv[2], strlen(argv[2]), &type) ||
		trowel_options_load(&options, argv[3]) ||
		trowel_open(&t, &options))
		return 2;
	status = trowel_query(t, argv[1], type, NULL, &answer);
	if (answer != NULL)
		print(answer);
	if (status == TROWEL_OK)
		trowel_code_format(TROWEL_RCODES, answer->rcode, rcode);
	puts(status == TROWEL_OK ? rcode : trowel_status_text(status));
	trowel_answer_free(answer);
	trowel_close(t);
	return status != TROWEL_OK;
}
