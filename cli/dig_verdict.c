/* SPDX-License-Identifier: MIT */
/*
 * dig reads a message from its start. Where the message ends too early, dig
 * shows what it has; at whatever else is wrong it gives up, and names a reason.
 * What it only finds odd, it shows with a warning.
 */
#include "cli/dig_verdict.h"

#include <stddef.h>
#include <string.h>

#include "cli/dig_rdata.h"
#include "cli/edns_text.h"
#include "cli/octets.h"

#define RECORD_FIXED 10 /* type, class, TTL, length */
#define TYPE_SIG 24
#define TYPE_KEY 25
#define TYPE_OPT 41
#define TYPE_RRSIG 46
#define TYPE_TKEY 249
#define TYPE_TSIG 250
#define CLASS_ANY 255
#define OPCODE_UPDATE 5

static size_t skip_name(const struct trowel_message *message, size_t start);
static const char *check_records(struct trowel_message *message);
static const char *check_fault(
	const struct trowel_message *message, const struct trowel_fault *fault);
static bool has_bad_option(const struct trowel_message *message);
static bool is_odd(const struct trowel_message *message);

struct tw_verdict tw_dig_judge(struct trowel_message *message,
	const uint8_t *octets, size_t length, bool is_lenient)
{
	struct tw_verdict verdict = { NULL, false };
	struct trowel_fault fault;
	bool is_whole = trowel_message_decode(
				message, octets, length, &fault) == TROWEL_OK;

	verdict.reason = check_records(message);
	if (!verdict.reason && !is_whole)
		verdict.reason = check_fault(message, &fault);
	if (!verdict.reason && has_bad_option(message))
		verdict.reason = "malformed OPT option";
	if (verdict.reason)
		verdict.is_odd = strcmp(verdict.reason, TW_DIG_TOO_SHORT) == 0;
	else if (is_odd(message))
		verdict = (struct tw_verdict){ "FORMERR", true };
	if (verdict.is_odd && is_lenient)
		verdict.reason = NULL;
	return verdict;
}

/* Leaves out a record, and what comes behind it. */
static void cut(struct trowel_message *message,
	const struct trowel_record *record, uint16_t index, uint16_t start)
{
	unsigned i;

	for (i = record->section; i <= TROWEL_ADDITIONAL; i++) {
		message->ends[i] = index;
		message->counts[i] = 0;
	}
	message->counts[record->section] =
		(uint16_t)(index - message->ends[record->section - 1]);
	message->end = start;
}

/* Where a record has its owner, in front of the fixed fields. */
static uint16_t start_of(
	const struct trowel_message *message, uint16_t last_end)
{
	return last_end ? last_end : message->records;
}

static const char *check_records(struct trowel_message *message)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;
	uint16_t index = 0, end = 0;
	const char *reason;

	while (trowel_record_next(message, &iterator, &record)) {
		reason = tw_dig_rdata_reason(message, &record);
		if (reason) {
			cut(message, &record, index, start_of(message, end));
			return reason;
		}
		end = (uint16_t)(record.rdata + record.rdata_length);
		index++;
	}
	return NULL;
}

/* The record at fault may be one that dig looks at in its own way. */
static const char *check_fault(
	const struct trowel_message *message, const struct trowel_fault *fault)
{
	size_t at = skip_name(message, message->end), length;
	const uint8_t *octets = message->octets + at;
	const char *reason = NULL;

	if (fault->field && message->length - at >= RECORD_FIXED) {
		length = tw_u16_of(octets + 8);
		at += RECORD_FIXED;
		if (length <= message->length - at)
			reason = tw_dig_octets_reason(
				fault->type, message->octets + at, length);
	}
	return reason ? reason : tw_dig_fault_reason(fault);
}

/* RFC 7871 6: bits behind the prefix are 0. */
static bool has_stray_bits(const uint8_t *octets, uint16_t length)
{
	return length > 4 && octets[2] % 8 != 0 &&
		(octets[length - 1] & (0xFFU >> (octets[2] % 8))) != 0;
}

static bool is_bad_option(
	const struct trowel_message *message, const struct trowel_field *option)
{
	const uint8_t *octets = message->octets + option->offset;

	if (option->number == 2)
		return option->length != 4 && option->length != 8;
	if (option->number == 8 && has_stray_bits(octets, option->length))
		return true;
	return !tw_edns_option_is_good(message, option);
}

static bool has_bad_option(const struct trowel_message *message)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field option;

	while (trowel_option_next(message, &iterator, &option))
		if (is_bad_option(message, &option))
			return true;
	return false;
}

/* Types that have a class of their own. */
static bool has_own_class(uint16_t type)
{
	return type == TYPE_TSIG || type == TYPE_OPT || type == TYPE_KEY ||
		type == TYPE_SIG || type == TYPE_TKEY;
}

/* Records of more than one class; signatures that cover nothing. */
static bool is_odd(const struct trowel_message *message)
{
	bool is_known = message->counts[TROWEL_QUESTION] > 0;
	uint16_t class_code = message->question.class_code;
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;

	while (trowel_record_next(message, &iterator, &record)) {
		const uint8_t *rdata = message->octets + record.rdata;

		if (record.type == TYPE_RRSIG && record.rdata_length >= 2 &&
			rdata[0] == 0 && rdata[1] == 0)
			return true;
		if (record.type == TYPE_TSIG &&
			(record.class_code != CLASS_ANY ||
				record.section != TROWEL_ADDITIONAL ||
				rdata + record.rdata_length !=
					message->octets + message->end))
			return true;
		if (has_own_class(record.type))
			continue;
		if (!is_known)
			class_code = record.class_code;
		is_known = true;
		if (record.class_code != class_code &&
			class_code != CLASS_ANY &&
			message->flags / 0x800 % 16 != OPCODE_UPDATE)
			return true;
	}
	return false;
}

/* The offset behind a name, or its own where it does not end. */
static size_t skip_name(const struct trowel_message *message, size_t start)
{
	size_t at = start;

	while (at < message->length) {
		uint8_t first = message->octets[at];

		if (first >= 0xC0)
			return at + 2 <= message->length ? at + 2 : start;
		at += first + 1U;
		if (first == 0 || first > 63)
			break;
	}
	return at <= message->length ? at : start;
}

size_t tw_dig_extra(const struct trowel_message *message)
{
	size_t at = skip_name(message, message->end);

	/* Of a question, as of a record, only the name has been read. */
	if (message->length - at < RECORD_FIXED || at == message->end)
		return message->length - at;
	return message->length - at - RECORD_FIXED;
}
