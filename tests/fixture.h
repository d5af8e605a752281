/* SPDX-License-Identifier: MIT */
/*
 * Messages for tests: read from fixtures/messages/, or put together octet by
 * octet. What comes out lies in a heap block of exactly its size.
 */
#ifndef TROWEL_TESTS_FIXTURE_H
#define TROWEL_TESTS_FIXTURE_H

#include <stddef.h>
#include <stdint.h>

/*
 * One file NAME.hex: octets in hex, with white space as one likes, and comment
 * lines, of which these say what is expected:
 *
 *	# expect: no error, or the fault as trowel_fault_format() has it
 *	# answer: OWNER TTL CLASS TYPE RDATA, for each record in its order;
 *	# authority: and
 *	# additional: likewise; in a broken message, those before the fault
 *	# extra: the number of octets after the last record, if there are any
 *	# multiline: RDATA of each answer so written, '|' for a new line;
 *	# comments:, rrcomments:, nocrypto:, nosplit:, split20: likewise
 *	# ldns: accepts or refuses, where its verdict is not ours; differs,
 *	  where it takes the RDATA for something else
 */
struct fixture {
	char *name;
	uint8_t *octets;
	size_t length;
	char *comments; /* the comment lines, without "# " */
};

/* All fixtures, by name. Ends the program if there are none, or one is broken.
 * To be released with fixtures_release(). */
struct fixture *fixtures_load(size_t *count);
void fixtures_release(struct fixture *fixtures, size_t count);

/* One fixture out of fixtures_load()'s; ends the program if it is not there. */
const struct fixture *fixture_find(
	const struct fixture *fixtures, size_t count, const char *name);

/*
 * The text of the index-th comment line "word: text"; NULL behind the last.
 * *length is its length: there is no NUL behind it.
 */
const char *fixture_text(const struct fixture *fixture, const char *word,
	size_t index, size_t *length);

/* Octets from hex text; white space is skipped. To be released with free(). */
uint8_t *octets_of_hex(const char *hex, size_t *length);

/* A message that is being put together. */
struct build {
	size_t length;
	uint8_t octets[65536 + 1024];
};

/* Starts anew with a header, the id being 0x1234. */
void build_header(struct build *build, uint16_t flags, uint16_t questions,
	uint16_t answers, uint16_t authority, uint16_t additional);
/* An empty response to a query: RD, RA, one question. */
void build_response(
	struct build *build, const char *name, uint16_t type, uint16_t answers);
void build_u8(struct build *build, unsigned value);
void build_u16(struct build *build, unsigned value);
void build_u32(struct build *build, uint32_t value);
void build_hex(struct build *build, const char *hex);
/* Labels of a name in text, without escapes and without the root. */
void build_labels(struct build *build, const char *name);
void build_name(struct build *build, const char *name);
/* A label of `length` octets 'x'. */
void build_label(struct build *build, size_t length);
void build_pointer(struct build *build, size_t target);
/* Type, class IN, TTL 300, and an RDLENGTH that build_rdata_end() sets. */
size_t build_rdata_start(struct build *build, uint16_t type);
void build_rdata_end(struct build *build, size_t start);
/* A record with anything in hex as its RDATA. */
void build_record(struct build *build, const char *owner, uint16_t type,
	const char *rdata_hex);
/* A heap block of exactly the message's length; to be released with free(). */
uint8_t *build_copy(const struct build *build);

#endif
