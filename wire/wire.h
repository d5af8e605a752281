/* SPDX-License-Identifier: MIT */
/*
 * DNS messages and their meaning (RFC 1035), as octets in memory. No I/O, no
 * allocation, no clock: every function works on what it is given.
 *
 * Lifetimes, once for all: a decoded message, its records and its fields are
 * views. They point into the octets given to trowel_message_decode() and are
 * good for as long as those octets stay where they are, unchanged. Only names
 * are copied, into a struct trowel_name of the caller's.
 *
 * Offsets count octets from the first octet of the message. A message is at
 * most 65,535 octets, so every offset and length fits in 16 bits.
 */
#ifndef TROWEL_WIRE_H
#define TROWEL_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__) && !defined(TROWEL_API)
#define TROWEL_API __attribute__((visibility("default")))
#elif !defined(TROWEL_API)
#define TROWEL_API
#endif

#define TROWEL_MESSAGE_MAX 65535 /* RFC 1035 4.2.2: a 16-bit length */
#define TROWEL_NAME_MAX 255 /* octets with length octets and root, 2.3.4 */
#define TROWEL_LABEL_MAX 63
#define TROWEL_POINTERS_MAX 127 /* more can never help a name of 255 octets */
#define TROWEL_NAME_TEXT_SIZE 1024 /* any name as text, with its NUL */
#define TROWEL_EDNS_SIZE 1232 /* the UDP size that we offer, RFC 9715 */

/* What can go wrong, in the library as a whole. trowel_status_text() has a
 * sentence for each. An RCODE is data and not among them. */
enum trowel_status {
	TROWEL_OK,
	/* a name in text */
	TROWEL_EMPTY_LABEL,
	TROWEL_LABEL_TOO_LONG,
	TROWEL_NAME_TOO_LONG, /* also of a name in a message */
	TROWEL_BAD_ESCAPE,
	/* a message */
	TROWEL_SHORT_MESSAGE, /* under 12 octets: not even a header */
	TROWEL_MESSAGE_TOO_LONG, /* over 65,535 octets */
	TROWEL_CUT_SHORT, /* the message ends before what it announces */
	TROWEL_BAD_LABEL_TYPE, /* first bits 01 or 10, RFC 6891 5 */
	TROWEL_BAD_POINTER, /* does not point back */
	TROWEL_POINTER_INTO_HEADER,
	TROWEL_POINTER_FORBIDDEN, /* in RDATA that must not be compressed */
	TROWEL_TOO_MANY_POINTERS, /* over 127 in a name, or in all too many */
	TROWEL_TOO_MANY_QUESTIONS, /* over 1 in a QUERY, RFC 9619 */
	TROWEL_RDATA_TOO_SHORT, /* a field runs past the end of its RDATA */
	TROWEL_RDATA_TOO_LONG, /* octets are left over after the last field */
	TROWEL_BAD_VALUE, /* a value that the record type forbids */
	TROWEL_MISPLACED_OPT, /* not in the additional section, or not at the root */
	TROWEL_SECOND_OPT,
	/* an answer */
	TROWEL_ALIAS_LOOP, /* CNAMEs in a circle, or over 16, or a tangle of names
			      that takes over 32,768 comparisons of labels */
	TROWEL_ALIAS_CONFLICT, /* two CNAMEs, or one beside data, at one owner */
	/* what the caller gave */
	TROWEL_NO_SPACE, /* the size given is too small; the one needed is told */
	TROWEL_BAD_ARGUMENT,
	TROWEL_BAD_ADDRESS, /* text that is no address */
	TROWEL_NO_SERVERS,
	/* the system */
	TROWEL_NO_MEMORY,
	TROWEL_NO_RANDOM, /* the kernel gives no random octets: nothing is sent */
	TROWEL_CANNOT_READ, /* a configuration file; errno tells more */
	TROWEL_SYSTEM_ERROR, /* a system call failed; the attempt holds errno */
	/* a lookup */
	TROWEL_TIMED_OUT,
	TROWEL_UNREACHABLE, /* no server could be reached: ICMP said so */
	TROWEL_MALFORMED_ANSWER, /* only replies that cannot be read came */
	TROWEL_CONNECTION_CLOSED, /* TCP ended before the reply was whole */
	TROWEL_SERVER_FAILED, /* SERVFAIL, REFUSED and the like from all */
	TROWEL_NO_SUCH_NAME, /* NXDOMAIN */
	TROWEL_NO_DATA, /* the name is there, but not with this type */
	TROWEL_STATUS_COUNT
};

/* A string constant, or the rest of some: its block ends with a NUL. */
/*@ logic integer tw_rest_of(char *string) =
      \block_length(string) - (string - \base_addr(string)); */

/*@ predicate tw_is_string(char *string) =
      1 <= tw_rest_of(string) <= 65536 &&
      string[tw_rest_of(string) - 1] == 0 &&
      \valid_read(string + (0 .. tw_rest_of(string) - 1)); */

/* A sentence for a status, without a final stop: "label over 63 octets".
 * Never NULL; static storage. */
/*@ assigns \result \from status;
    ensures tw_is_string((char *)\result) && !\valid(\result); */
TROWEL_API const char *trowel_status_text(enum trowel_status status);

/* ---------------------------------------------------------------- names */

/* A domain name in uncompressed wire form (RFC 1035 3.1): length octets and
 * labels, up to and with the root's 0 octet. Octets past `length` are unset. */
struct trowel_name {
	uint8_t length; /* 1 to 255 */
	uint8_t octets[TROWEL_NAME_MAX];
};

#ifdef __FRAMAC__
#include "laws.h"
#endif

/* Reads a name from text in presentation form (RFC 1035 5.1): `\.` and `\DDD`
 * are understood, "." is the root, a final dot may be there or not. `length`
 * is the number of characters; there need be no NUL. On an error *position is
 * the index of the character at fault, and *name is the root.
 * Errors: TROWEL_EMPTY_LABEL (also for empty text), TROWEL_LABEL_TOO_LONG,
 * TROWEL_NAME_TOO_LONG, TROWEL_BAD_ESCAPE (\DDD over 255, or cut off). */
/*@ requires \valid_read(text + (0 .. length - 1)) && \valid(name);
    requires \valid(position);
    requires \separated(name, position, text + (0 .. length - 1));
    assigns *name, *position;
    ensures TROWEL_OK <= \result <= TROWEL_BAD_ESCAPE;
    ensures tw_name_is_good(name);
    ensures \result != TROWEL_OK ==> name->length == 1 && *position <= length;
 */
TROWEL_API enum trowel_status trowel_name_parse(const char *text, size_t length,
	struct trowel_name *name, size_t *position);

/* Writes a name as text with its final dot and a NUL, escaping what RFC 4343
 * 2.1 and master files need: . " ( ) ; \ @ $ by a backslash, octets outside
 * 0x21 to 0x7E as \DDD. Returns the number of characters, without the NUL. */
/*@ requires \valid_read(name) && \valid(text + (0 .. 1023));
    requires \separated(name, text + (0 .. 1023));
    assigns text[0 .. 1023];
    ensures \result <= 1020 && text[\result] == 0; */
TROWEL_API size_t trowel_name_format(
	const struct trowel_name *name, char text[TROWEL_NAME_TEXT_SIZE]);

/* Whether two names are equal, with ASCII letters of either case alike
 * (RFC 4343 3). */
/*@ requires \valid_read(a) && \valid_read(b) && a->length <= 255;
    assigns \nothing;
    ensures \result <==> a->length == b->length &&
      \forall integer k; 0 <= k < a->length ==>
      tw_lowered(a->octets[k]) == tw_lowered(b->octets[k]); */
TROWEL_API bool trowel_name_is_equal(
	const struct trowel_name *a, const struct trowel_name *b);

/* -------------------------------------------------------------- messages */

enum trowel_section {
	TROWEL_QUESTION,
	TROWEL_ANSWER,
	TROWEL_AUTHORITY,
	TROWEL_ADDITIONAL
};

/* Bits of the header's second 16-bit word, RFC 1035 4.1.1 and RFC 4035 3. */
enum trowel_flag {
	TROWEL_QR = 0x8000,
	TROWEL_AA = 0x0400,
	TROWEL_TC = 0x0200,
	TROWEL_RD = 0x0100,
	TROWEL_RA = 0x0080,
	TROWEL_Z = 0x0040,
	TROWEL_AD = 0x0020,
	TROWEL_CD = 0x0010
};

/* Where and why a message is refused. */
struct trowel_fault {
	enum trowel_status status;
	uint16_t offset; /* of the octet at fault */
	uint16_t record; /* the record's index in its section, from 0 */
	uint16_t type; /* the record's type; 0 before it is known */
	uint8_t section; /* enum trowel_section; the header counts as question */
	uint8_t field_length;
	const char *field; /* its name, field_length characters, or NULL */
};

/* The OPT pseudo-record (RFC 6891 6.1). */
struct trowel_edns {
	bool present;
	uint8_t version;
	uint8_t extended_rcode; /* the upper eight bits of the RCODE */
	uint16_t udp_size;
	uint16_t flags; /* DO is 0x8000, CO 0x4000 */
	uint16_t options; /* offset of the first option */
	uint16_t options_length;
};

/* A record (RFC 1035 4.1.3). Two records of a message whose `owner` is the
 * same offset have the same owner; different offsets say nothing. */
struct trowel_record {
	uint8_t section; /* enum trowel_section */
	uint16_t owner; /* offset, behind the pointer that it began with */
	uint16_t type;
	uint16_t class_code;
	uint32_t ttl; /* as it stands in the message */
	uint16_t rdata; /* offset */
	uint16_t rdata_length;
};

/* A question (RFC 1035 4.1.2). */
struct trowel_question {
	uint16_t name; /* offset */
	uint16_t type;
	uint16_t class_code;
};

/* Internal: the names of a message that were found good, by their offsets. */
#define TROWEL_KNOWN_NAMES 64
struct trowel_names {
	uint32_t steps; /* left for others */
	uint16_t offsets[TROWEL_KNOWN_NAMES];
	uint16_t sizes[TROWEL_KNOWN_NAMES];
	uint8_t runs[TROWEL_KNOWN_NAMES];
};

/* Internal: where a record's owner and its type are, as the check of its message
 * found them. */
#define TROWEL_FIRST_RECORDS 64
struct trowel_place {
	uint16_t owner;
	uint16_t fixed; /* type, class, TTL and RDLENGTH; RDATA is behind */
};

struct trowel_message {
	const uint8_t *octets;
	uint16_t length;
	uint16_t id;
	uint16_t flags; /* the whole word: enum trowel_flag, opcode, RCODE */
	uint16_t counts[4]; /* by enum trowel_section, as in the header */
	uint16_t ends[4]; /* the index behind each section's last record */
	struct trowel_question question; /* the first, if there is one */
	uint16_t records; /* offset of the first record after the question */
	uint16_t end; /* offset after the last record: what follows is extra */
	struct trowel_edns edns;
	struct trowel_names names;
	struct trowel_place first[TROWEL_FIRST_RECORDS];
};

/* The octets are there, and of each record that `first` tells the place of, the
 * fixed part. */
/*@ predicate tw_message_is_good(struct trowel_message *message) =
      \valid_read(message) &&
      \valid_read(message->octets + (0 .. message->length - 1)) &&
      \forall integer i; 0 <= i < TROWEL_FIRST_RECORDS &&
        i < message->ends[TROWEL_ADDITIONAL] ==>
        message->first[i].fixed <= TROWEL_MESSAGE_MAX - 10 && \valid_read(message->octets +
          (message->first[i].fixed .. message->first[i].fixed + 9)); */

/* What `names` says of the octets is so. */
/*@ predicate tw_names_are_right(struct trowel_message *message) =
      tw_memo_is_right(&message->names.offsets[0], &message->names.sizes[0],
        &message->names.runs[0], message->octets, message->length); */

/* Neither it nor the octets have changed. */
/*@ predicate tw_names_stay{L1, L2}(struct trowel_message *message) =
      \at(message->octets, L1) == \at(message->octets, L2) &&
      \at(message->length, L1) == \at(message->length, L2) &&
      tw_is_kept{L1, L2}(\at(&message->names.offsets[0], L1),
        \at(&message->names.sizes[0], L1), \at(&message->names.runs[0], L1),
        \at(message->octets, L1), \at(message->length, L1)); */

/* Checks a whole message, once: header, question, every name, every record's
 * bounds, the RDATA of every type in the table, at most one OPT. What passed
 * can be walked without further checks. Octets after the last record are
 * allowed; `end` tells where they begin. The octets are not copied.
 * At an error `fault` (may be NULL) says what and where, and *message holds
 * the header (if there was one) with `end` at the record at fault and the
 * counts cut down to the records before it, so that those can be walked.
 * Errors: those of a message, above, and TROWEL_NAME_TOO_LONG.
 * Time: linear in `length`, whatever the octets are. */
/*@ requires \valid(message) && \valid_read(octets + (0 .. length - 1));
    requires \separated(message, octets + (0 .. length - 1));
    requires fault == \null || \valid(fault);
    requires \separated(fault, message, octets + (0 .. length - 1));
    assigns *message, *fault;
    ensures tw_message_is_good(message);
    ensures message->end <= message->length;
    ensures message->ends[TROWEL_ADDITIONAL] == 0 ||
      11 * message->ends[TROWEL_ADDITIONAL] <= length - 12;
    ensures tw_names_are_right(message);
    ensures \result == TROWEL_OK ==>
      message->octets == octets && message->length == length; */
TROWEL_API enum trowel_status trowel_message_decode(
	struct trowel_message *message, const uint8_t *octets, size_t length,
	struct trowel_fault *fault);

/* "SRV target: compression pointer does not point back (byte 61)", with a NUL.
 * Returns the number of characters needed, without the NUL; what does not fit
 * in `size` is cut off. */
/*@ requires \valid_read(fault) && \valid(text + (0 .. size - 1));
    requires \separated(fault, text + (0 .. size - 1));
    requires \valid_read(fault->field + (0 .. fault->field_length - 1)) &&
      \separated(fault->field + (0 .. fault->field_length - 1),
        text + (0 .. size - 1));
    assigns text[0 .. size - 1]; */
TROWEL_API size_t trowel_fault_format(
	const struct trowel_fault *fault, char *text, size_t size);

/* The 12-bit RCODE: the header's four bits and the OPT's eight. */
/*@ requires \valid_read(message);
    assigns \nothing;
    ensures \result ==
      message->edns.extended_rcode * 16 + message->flags % 16; */
static inline uint16_t trowel_message_rcode(
	const struct trowel_message *message)
{
	return (uint16_t)(message->edns.extended_rcode * 16 +
		message->flags % 16);
}

/* The question. False if the message has none. */
/*@ requires \valid_read(message) && \valid(question);
    requires \separated(message, question);
    assigns *question;
    ensures \result <==> message->counts[TROWEL_QUESTION] > 0; */
static inline bool trowel_message_question(
	const struct trowel_message *message, struct trowel_question *question)
{
	if (message->counts[TROWEL_QUESTION] == 0)
		return false;
	*question = message->question;
	return true;
}

/* Expands the name at an offset that a record or field gave. Returns its
 * length. At octets that were never checked it stops at the first fault and
 * gives the root. What it gives is well-formed, if the octets are those that
 * were decoded. */
/*@ requires \valid_read(message) && \valid(name);
    requires \valid_read(message->octets + (0 .. message->length - 1));
    requires \separated(name, message,
      message->octets + (0 .. message->length - 1));
    assigns *name;
    ensures \result == name->length;
    ensures 1 <= \result <= TROWEL_NAME_MAX;
    ensures \old(tw_names_are_right(message)) ==> tw_name_is_good(name); */
TROWEL_API size_t trowel_message_name(const struct trowel_message *message,
	uint16_t offset, struct trowel_name *name);

/* Where an iteration stands; all zero before the first record. */
struct trowel_iterator {
	uint16_t offset;
	uint16_t index; /* of the next record, over all sections, or field */
	uint16_t base; /* of the list that the fields are in */
	uint8_t bit; /* of the next one of a bitmap */
	uint8_t step; /* of the type's fields */
	uint8_t reading; /* by its type: 1, opaque: 2; 0: not decided yet */
};

/* Before the first of the fields in octets [start, end), or behind one. */
/*@ predicate tw_iterator_is_in(struct trowel_iterator *iterator,
      integer start, integer end) =
      (iterator->offset == 0 || start <= iterator->offset) &&
      iterator->base <= (iterator->offset == 0 ? start : iterator->offset) &&
      iterator->offset <= end && iterator->step <= 9 && iterator->bit <= 7; */

/* Internal: finds the record at `index`, behind the first ones. *offset is where
 * the last found there ends, and then where this one does. */
/*@ requires \valid_read(message) && \valid(offset) && \valid(place);
    requires \valid_read(message->octets + (0 .. message->length - 1));
    requires \separated(offset, place, message);
    requires \separated(offset, message->octets + (0 .. message->length - 1));
    requires \separated(place, message->octets + (0 .. message->length - 1));
    requires index >= TROWEL_FIRST_RECORDS;
    requires index == TROWEL_FIRST_RECORDS ==>
      \valid_read(message->octets +
        (message->first[TROWEL_FIRST_RECORDS - 1].fixed ..
        message->first[TROWEL_FIRST_RECORDS - 1].fixed + 9));
    assigns *offset, *place;
    ensures \result ==> place->fixed + 10 <= *offset <= message->length; */
TROWEL_API bool trowel_record_find(const struct trowel_message *message,
	uint16_t index, uint16_t *offset, struct trowel_place *place);

/* Internal: reads a record that was found. */
/*@ requires \valid_read(message) && \valid(record);
    requires place.fixed <= TROWEL_MESSAGE_MAX - 10;
    requires \valid_read(message->octets + (place.fixed .. place.fixed + 9));
    requires \separated(record, message);
    requires \separated(record,
      message->octets + (place.fixed .. place.fixed + 9));
    assigns *record;
    ensures TROWEL_ANSWER <= record->section <= TROWEL_ADDITIONAL;
    ensures record->owner == place.owner && record->rdata == place.fixed + 10;
    ensures record->type == message->octets[place.fixed] * 256 +
      message->octets[place.fixed + 1]; */
static inline void trowel_record_read(const struct trowel_message *message,
	uint16_t index, struct trowel_place place, struct trowel_record *record)
{
	const uint8_t *fixed = message->octets + place.fixed;

	record->owner = place.owner;
	record->type = (uint16_t)((fixed[0] << 8) + fixed[1]);
	record->class_code = (uint16_t)((fixed[2] << 8) + fixed[3]);
	record->ttl = ((uint32_t)fixed[4] << 24) + ((uint32_t)fixed[5] << 16) +
		((uint32_t)fixed[6] << 8) + fixed[7];
	record->rdata = (uint16_t)(place.fixed + 10);
	record->rdata_length = (uint16_t)((fixed[8] << 8) + fixed[9]);
	record->section = (uint8_t)(TROWEL_ANSWER +
		(index >= message->ends[TROWEL_ANSWER]) +
		(index >= message->ends[TROWEL_AUTHORITY]));
}

/* The next record of a decoded message: answer, authority, additional (OPT
 * too). False at the end. */
/*@ requires tw_message_is_good(message);
    requires \valid(iterator) && \valid(record);
    requires \separated(iterator, record, message);
    requires \separated(record, message->octets + (0 .. TROWEL_MESSAGE_MAX));
    requires \separated(iterator, message->octets + (0 .. TROWEL_MESSAGE_MAX));
    assigns *iterator, *record;
    ensures \result ==> iterator->index == \old(iterator->index) + 1;
    ensures \result ==> \old(iterator->index) <
      \old(message->ends[TROWEL_ADDITIONAL]);
    ensures !\result ==> iterator->index == \old(iterator->index);
    ensures \result ==> record->rdata <= \old(message->length); */
static inline bool trowel_record_next(const struct trowel_message *message,
	struct trowel_iterator *iterator, struct trowel_record *record)
{
	uint16_t index = iterator->index;
	struct trowel_place place;

	if (index >= message->ends[TROWEL_ADDITIONAL])
		return false;
	if (index < TROWEL_FIRST_RECORDS) {
		place = message->first[index];
		/* A caller may have cut the message. */
		if (message->length - place.fixed < 10)
			return false;
	} else {
		/* Copies, so that the caller's can be in registers. */
		uint16_t offset = iterator->offset;
		struct trowel_place found;

		if (!trowel_record_find(message, index, &offset, &found))
			return false;
		iterator->offset = offset;
		place = found;
	}
	iterator->index++;
	trowel_record_read(message, index, place, record);
	return true;
}

/* The TTL in seconds to go by: 0 where the top bit is set (RFC 2181 8). */
/*@ requires \valid_read(record);
    assigns \nothing;
    ensures \result == (record->ttl >= 0x80000000 ? 0 : record->ttl); */
static inline uint32_t trowel_record_ttl_s(const struct trowel_record *record)
{
	return record->ttl > 0x7FFFFFFF ? 0 : record->ttl;
}

/* ---------------------------------------------------------------- fields */

/* What a field of RDATA is, on the wire and as text. A number is in `number`,
 * most significant octet first on the wire; everything else is the octets from
 * `offset`. New kinds are added at the end. */
enum trowel_kind {
	TROWEL_KIND_NONE,
	/* numbers, in decimal */
	TROWEL_KIND_U8,
	TROWEL_KIND_U16,
	TROWEL_KIND_U32,
	TROWEL_KIND_U48,
	TROWEL_KIND_SERIAL, /* 32 bits, RFC 1982 */
	TROWEL_KIND_TTL, /* 32 bits: seconds */
	TROWEL_KIND_SIZE, /* 16 bits: octets of the next field */
	TROWEL_KIND_TOP_BIT, /* of the next field's octet */
	TROWEL_KIND_LOW_BITS, /* the seven below it */
	/* numbers in another form */
	TROWEL_KIND_TYPE, /* 16 bits, by mnemonic */
	TROWEL_KIND_TYPES, /* one of a list: RFC 4034 4.1.2, bitmaps */
	TROWEL_KIND_OLD_TYPES, /* likewise, RFC 2535 5.2 */
	TROWEL_KIND_PORTS, /* likewise, RFC 1035 3.4.2; decimal */
	TROWEL_KIND_TIME, /* 32 bits: YYYYMMDDHHMMSS in UTC, RFC 4034 3.2 */
	TROWEL_KIND_ALGORITHM, /* 8 bits, by mnemonic */
	TROWEL_KIND_CERT_TYPE, /* 16 bits, by mnemonic, RFC 4398 2.1 */
	TROWEL_KIND_ERROR, /* 16 bits, by mnemonic, RFC 8945 3 */
	TROWEL_KIND_SCHEME, /* 8 bits, by mnemonic, RFC 9859 2.1 */
	TROWEL_KIND_OCTAL, /* 16 bits: a Chaosnet address */
	/* names, for trowel_message_name(); addresses */
	TROWEL_KIND_NAME,
	TROWEL_KIND_PLAIN_NAME, /* must not be compressed */
	TROWEL_KIND_ROOT, /* the root, in no octets */
	TROWEL_KIND_IPV4, /* 4 octets */
	TROWEL_KIND_IPV6, /* 16 octets */
	TROWEL_KIND_IPV6_SUFFIX, /* the last octets of 16, the others are 0 */
	TROWEL_KIND_PREFIX, /* one of a list: RFC 3123 4 */
	/* text */
	TROWEL_KIND_STRING, /* a character-string, less its length octet */
	TROWEL_KIND_STRINGS, /* one of a list of those */
	TROWEL_KIND_TAG, /* a character-string without quotes */
	TROWEL_KIND_TEXT, /* all the rest, in quotes */
	/* octets */
	TROWEL_KIND_OCTETS, /* all the rest, of no known meaning: RFC 3597 */
	TROWEL_KIND_HEX, /* all the rest */
	TROWEL_KIND_DIGEST, /* likewise */
	TROWEL_KIND_BASE64, /* likewise */
	TROWEL_KIND_SIGNATURE, /* likewise */
	TROWEL_KIND_KEY, /* likewise, of a DNSKEY or the like, whose key tag
			    (RFC 4034 B) is `number` */
	TROWEL_KIND_DHCID, /* likewise, RFC 4701 */
	TROWEL_KIND_SIZED, /* as many as TROWEL_KIND_SIZE said; base64 */
	TROWEL_KIND_HIT, /* RFC 8005 5; hex */
	TROWEL_KIND_HIP_KEY, /* likewise; base64 */
	TROWEL_KIND_OBJECT, /* all the rest; base64 */
	TROWEL_KIND_SALT, /* RFC 5155 3.3; hex */
	TROWEL_KIND_HASH, /* likewise; base32hex */
	TROWEL_KIND_NSAP, /* RFC 1706; 0x and hex */
	TROWEL_KIND_ATMA, /* af-saa-0069 */
	TROWEL_KIND_EUI48, /* RFC 7043 */
	TROWEL_KIND_EUI64,
	TROWEL_KIND_NODE, /* 64 bits in four groups, RFC 6742 2.1.1 */
	TROWEL_KIND_LOCATION, /* RFC 1876 2 */
	TROWEL_KIND_PARAM, /* one of a list, RFC 9460 2.1: its key is `number` */
	TROWEL_KIND_OPTION /* likewise, RFC 6891 6.1.2: its code is `number` */
};

/* One field of a record: its name in the RFC's words, and its value, as a
 * number or as octets of the message. */
struct trowel_field {
	const char *name; /* name_length characters; no NUL after them */
	uint8_t name_length;
	uint8_t kind; /* enum trowel_kind */
	uint16_t offset; /* of the value in the message */
	uint16_t length; /* of the value, in octets of the message */
	uint64_t number;
};

/* As many octets as its kind always has. */
/*@ predicate tw_field_is_whole(struct trowel_field *field) =
      (field->kind == TROWEL_KIND_IPV4 || field->kind == TROWEL_KIND_PREFIX ==>
        field->length >= 4) &&
      (field->kind == TROWEL_KIND_IPV6 || field->kind == TROWEL_KIND_LOCATION
        ==> field->length >= 16) &&
      (field->kind == TROWEL_KIND_NODE ==> field->length >= 8) &&
      (field->kind == TROWEL_KIND_ATMA ==> field->length >= 1); */

/* The next field of a record: first of an all-zero iterator. A list (strings
 * of a TXT) gives one field an item, all of one name. A type that is not in
 * the table, and RDATA of class NONE or ANY, is one field "rdata" of octets.
 * False at the end. */
/*@ requires \valid_read(message) && \valid_read(record);
    requires \valid_read(message->octets + (0 .. message->length - 1));
    requires \valid(iterator) && \valid(field);
    requires \separated(iterator, field, message);
    requires \separated(iterator, field, record);
    requires \separated(iterator, message->octets + (0 .. message->length - 1));
    requires \separated(field, message->octets + (0 .. message->length - 1));
    requires tw_iterator_is_in(iterator, record->rdata,
      record->rdata + record->rdata_length);
    assigns *iterator, *field;
    ensures tw_iterator_is_in(iterator, record->rdata,
      record->rdata + record->rdata_length);
    ensures \result ==> tw_field_is_whole(field) &&
      record->rdata <= field->offset &&
      field->offset + field->length <= message->length;
    ensures \result ==> \valid_read(field->name +
      (0 .. field->name_length - 1)); */
TROWEL_API bool trowel_field_next(const struct trowel_message *message,
	const struct trowel_record *record, struct trowel_iterator *iterator,
	struct trowel_field *field);

/* The host that a record names, for those who look for a service. (The octets
 * at `rdata` of an A or AAAA are the address itself; the strings of a TXT are
 * its fields.) */
struct trowel_host {
	uint16_t priority; /* the least first; MX calls it preference. SVCB and
			      HTTPS: 0 is an alias, RFC 9460 2.4.2 */
	uint16_t weight; /* of an SRV: its share among equal priorities */
	uint16_t port; /* likewise */
	uint16_t name; /* offset. "." for a service that is not there, RFC 2782
			  and 7505; of SVCB and HTTPS, unless it is an alias,
			  for the owner, RFC 9460 2.5 */
};

/* The host of an NS, CNAME, PTR, MX, SRV, DNAME, SVCB or HTTPS record of a
 * decoded message; what a type does not have is 0. False for other records. */
/*@ requires \valid_read(message) && \valid_read(record) && \valid(host);
    requires \valid_read(message->octets + (0 .. message->length - 1));
    requires \separated(host, message) && \separated(host, record);
    assigns *host;
    ensures \result ==> host->name < message->length; */
TROWEL_API bool trowel_record_host(const struct trowel_message *message,
	const struct trowel_record *record, struct trowel_host *host);

/* The next EDNS option: of the fields of the OPT. */
/*@ requires \valid_read(message);
    requires \valid_read(message->octets + (0 .. message->length - 1));
    requires \valid(iterator) && \valid(option);
    requires \separated(iterator, option, message);
    requires \separated(iterator, message->octets + (0 .. message->length - 1));
    requires \separated(option, message->octets + (0 .. message->length - 1));
    requires message->edns.present ==> tw_iterator_is_in(iterator,
      message->edns.options,
      message->edns.options + message->edns.options_length);
    assigns *iterator, *option; */
static inline bool trowel_option_next(const struct trowel_message *message,
	struct trowel_iterator *iterator, struct trowel_field *option)
{
	const struct trowel_record opt = { TROWEL_ADDITIONAL, 0, 41, 1, 0,
		message->edns.options, message->edns.options_length };

	return message->edns.present &&
		trowel_field_next(message, &opt, iterator, option);
}

/* ---------------------------------------------------------------- text */

/* How records are written; values are or-ed. */
enum trowel_style {
	TROWEL_STYLE_PLAIN = 0,
	TROWEL_STYLE_GENERIC = 1, /* every RDATA as RFC 3597 5 has it */
	TROWEL_STYLE_MULTILINE = 2, /* long RDATA over several lines, in ( ) */
	TROWEL_STYLE_COMMENTS = 4, /* key tags, SOA fields by name */
	TROWEL_STYLE_NO_CRYPTO = 8, /* "[omitted]" for signatures and keys */
	TROWEL_STYLE_EXPAND_IPV6 = 16, /* AAAA in eight groups of four digits */
	TROWEL_STYLE_NO_SPLIT = 32 /* hex and base64 in one word */
};
/* Words of `width` characters for hex and base64, rounded up to a multiple of
 * 4; up to 60,000. */
#define TROWEL_STYLE_SPLIT(width) ((unsigned)(width) << 16)

/* Writes a record's RDATA in presentation form (RFC 1035 5.1; types outside
 * the table by RFC 3597 5), with a NUL. Returns the number of characters
 * needed, without the NUL; what does not fit in `size` is cut off. */
/*@ requires \valid_read(message) && \valid_read(record);
    requires \valid_read(message->octets + (0 .. message->length - 1));
    requires record->rdata + record->rdata_length <= message->length;
    requires \valid(text + (0 .. size - 1));
    requires \separated(text + (0 .. size - 1), message, message->octets +
      (0 .. message->length - 1));
    assigns text[0 .. size - 1];
    ensures \result < size ==> text[\result] == 0;
    ensures 0 < size <= \result ==> text[size - 1] == 0; */
TROWEL_API size_t trowel_rdata_format(const struct trowel_message *message,
	const struct trowel_record *record, unsigned style, char *text,
	size_t size);

/* Writes one field of a record as it stands in the text of its RDATA. Styles
 * of several lines count for nothing. What an EDNS option holds is written in
 * hex; `record` may be NULL then. Returns as trowel_rdata_format() does. */
/*@ requires \valid_read(message) && \valid_read(field);
    requires tw_field_is_whole(field);
    requires \valid_read(message->octets + (0 .. message->length - 1));
    requires field->offset + field->length <= message->length;
    requires \valid_read(field->name + (0 .. field->name_length - 1));
    requires \valid(text + (0 .. size - 1));
    requires \separated(text + (0 .. size - 1), message, message->octets +
      (0 .. message->length - 1), field->name + (0 .. field->name_length - 1));
    assigns text[0 .. size - 1];
    ensures \result < size ==> text[\result] == 0;
    ensures 0 < size <= \result ==> text[size - 1] == 0; */
TROWEL_API size_t trowel_field_format(const struct trowel_message *message,
	const struct trowel_record *record, const struct trowel_field *field,
	unsigned style, char *text, size_t size);

/* What codes are called. */
enum trowel_registry {
	TROWEL_TYPES, /* "MX", "TYPE65280" */
	TROWEL_CLASSES, /* "IN", "CLASS1234" */
	TROWEL_OPCODES, /* "QUERY", "RESERVED6" */
	TROWEL_RCODES, /* "NXDOMAIN", "RESERVED11" */
	TROWEL_OPTIONS, /* "NSID", "OPT65001" */
	TROWEL_ERRORS, /* EDE info codes, "DNSSEC Bogus"; none: "" */
	TROWEL_ALGORITHMS, /* "ECDSAP256SHA256"; none: the number */
	TROWEL_CERT_TYPES, /* "PKIX"; none: the number */
	TROWEL_TSIG_ERRORS, /* "BADSIG"; none: the number */
	TROWEL_SCHEMES, /* of DSYNC, "NOTIFY"; none: the number */
	TROWEL_PARAMS /* SvcParamKeys, "alpn", "key7" */
};
#define TROWEL_CODE_TEXT_SIZE 48

/* The mnemonic of a code, with a NUL. Returns the number of characters. */
/*@ requires registry <= TROWEL_PARAMS && \valid(text + (0 .. 47));
    assigns text[0 .. 47]; */
TROWEL_API size_t trowel_code_format(enum trowel_registry registry,
	uint16_t code, char text[TROWEL_CODE_TEXT_SIZE]);

/* The code of a mnemonic, in letters of either case, with "TYPE123" and
 * "CLASS123" (RFC 3597 5) and what else stands above for codes without one,
 * but for RCODEs and EDE info codes. False if there is none. */
/*@ requires registry <= TROWEL_PARAMS && \valid(code) && text != \null;
    requires \valid_read(text + (0 .. length - 1));
    assigns *code; */
TROWEL_API bool trowel_code_parse(enum trowel_registry registry,
	const char *text, size_t length, uint16_t *code);

/* ---------------------------------------------------------------- queries */

/* A query of one question. All zero but `name` asks for nothing special:
 * opcode QUERY, no flags, no EDNS. */
struct trowel_query {
	uint16_t type;
	uint16_t class_code;
	uint16_t id;
	uint16_t flags; /* the header's second word */
	bool edns; /* add an OPT; the next five are its parts */
	uint8_t edns_version;
	uint16_t udp_size;
	uint16_t edns_flags;
	uint16_t options_length;
	const uint8_t *options; /* whole, in wire form: code, length, data */
	struct trowel_name name; /* of length 0: there is no question */
};

/* Writes a query. *length is the size needed, also when that is more than
 * `size` (TROWEL_NO_SPACE; nothing is written then). The other error is
 * TROWEL_MESSAGE_TOO_LONG. */
/*@ requires \valid_read(query) && \valid(octets + (0 .. size - 1));
    requires \valid(length);
    requires \separated(length, query, octets + (0 .. size - 1));
    requires query->edns ==>
      \valid_read(query->options + (0 .. query->options_length - 1)) &&
      \separated(query->options + (0 .. query->options_length - 1), length,
        octets + (0 .. size - 1));
    assigns *length, octets[0 .. size - 1];
    ensures *length == 12 + query->name.length +
      (query->name.length > 0 ? 4 : 0) +
      (query->edns ? 11 + query->options_length : 0);
    ensures \result == (*length > 65535 ? TROWEL_MESSAGE_TOO_LONG :
      *length > size ? TROWEL_NO_SPACE : TROWEL_OK);
    ensures \result != TROWEL_OK ==> \forall integer k; 0 <= k < size ==>
      octets[k] == \old(octets[k]); */
TROWEL_API enum trowel_status trowel_query_encode(
	const struct trowel_query *query, uint8_t *octets, size_t size,
	size_t *length);

/* ---------------------------------------------------------------- answers */

/* The records that answer the question of a response: those of the type asked
 * whose owner is the name asked or the end of the CNAMEs that lead on from it
 * (RFC 1034 3.6.2), in whatever order they stand. Others are left out. */
struct trowel_chain {
	const struct trowel_message *message;
	struct trowel_iterator iterator;
	struct trowel_question question;
	uint16_t owner; /* offset of the canonical name, the end of the chain */
	uint16_t
		plain; /* internal: the first records before this index answer */
	uint8_t alias_count; /* CNAMEs followed, at most 16 */
	uint32_t ttl_s; /* the least of theirs; 4,294,967,295 without one */
	uint32_t steps; /* left: names are compared within bounds */
};

/* Follows the CNAMEs of the answer section. Errors: TROWEL_ALIAS_LOOP,
 * TROWEL_ALIAS_CONFLICT; TROWEL_BAD_ARGUMENT without a question. */
/*@ requires \valid(chain) && tw_message_is_good(message);
    requires \separated(chain, message,
      message->octets + (0 .. TROWEL_MESSAGE_MAX));
    requires message->ends[TROWEL_ANSWER] <=
      message->ends[TROWEL_ADDITIONAL];
    assigns *chain \from *message;
    ensures chain->message == message && chain->alias_count <= 16;
    ensures chain->plain <= TROWEL_FIRST_RECORDS;
    ensures chain->plain <= message->ends[TROWEL_ADDITIONAL]; */
TROWEL_API enum trowel_status trowel_chain_start(
	struct trowel_chain *chain, const struct trowel_message *message);

/* Internal: trowel_chain_next() where it has to look at names. */
/*@ requires \valid(chain) && \valid(record);
    requires tw_message_is_good(chain->message);
    requires \separated(chain, record, chain->message,
      chain->message->octets + (0 .. TROWEL_MESSAGE_MAX));
    assigns chain->iterator, chain->steps, *record; */
TROWEL_API bool trowel_chain_find(
	struct trowel_chain *chain, struct trowel_record *record);

/* The next record that answers. False at the end. */
/*@ requires \valid(chain) && \valid(record);
    requires tw_message_is_good(chain->message);
    requires chain->plain <= TROWEL_FIRST_RECORDS;
    requires chain->plain <= chain->message->ends[TROWEL_ADDITIONAL];
    requires \separated(chain, record, chain->message,
      chain->message->octets + (0 .. TROWEL_MESSAGE_MAX));
    assigns *chain, *record; */
static inline bool trowel_chain_next(
	struct trowel_chain *chain, struct trowel_record *record)
{
	struct trowel_record found;
	uint16_t index = chain->iterator.index;

	if (index < chain->plain) {
		chain->iterator.index++;
		trowel_record_read(chain->message, index,
			chain->message->first[index], record);
		return true;
	}
	if (index >= chain->message->ends[TROWEL_ANSWER] ||
		!trowel_chain_find(chain, &found))
		return false;
	*record = found;
	return true;
}

#ifdef __cplusplus
}
#endif

#endif
