/* SPDX-License-Identifier: MIT */
#include "cli/dig_rdata.h"

#include <string.h>

enum type {
	WKS = 11,
	X25 = 19,
	LOC = 29,
	A6 = 38,
	DS = 43,
	SSHFP = 44,
	IPSECKEY = 45,
	NSEC = 47,
	NSEC3 = 50,
	HIP = 55,
	CDS = 59,
	CSYNC = 62,
	SVCB = 64,
	HTTPS = 65,
	CAA = 257,
	AMTRELAY = 260,
	DLV = 32769
};

#define PARAM_ALPN 1

/* Codes that dig does not look at the bounds of, but at the whole. */
static bool is_all_or_nothing(const struct trowel_fault *fault)
{
	static const char types[] = "types";

	switch (fault->type) {
	case X25:
	case NSEC3:
		return true;
	case HIP: /* all but the names behind it */
		return fault->field_length < sizeof("rendezvous-servers") - 1;
	case NSEC:
	case CSYNC:
		return fault->field_length == sizeof(types) - 1 &&
			memcmp(fault->field, types, sizeof(types) - 1) == 0;
	default:
		return false;
	}
}

const char *tw_dig_fault_reason(const struct trowel_fault *fault)
{
	bool is_rdata = fault->field != NULL;

	if (is_rdata && is_all_or_nothing(fault))
		return "FORMERR";
	switch (fault->status) {
	case TROWEL_CUT_SHORT:
	case TROWEL_RDATA_TOO_SHORT:
		return TW_DIG_TOO_SHORT;
	case TROWEL_BAD_LABEL_TYPE:
	case TROWEL_POINTER_INTO_HEADER:
		return "bad label type";
	case TROWEL_BAD_POINTER:
	case TROWEL_TOO_MANY_POINTERS:
		return "bad compression pointer";
	case TROWEL_POINTER_FORBIDDEN:
		return "disallowed (by application policy)";
	case TROWEL_NAME_TOO_LONG:
		return "name too long";
	case TROWEL_RDATA_TOO_LONG:
		return fault->type == AMTRELAY ? "FORMERR" : "extra input data";
	default:
		return "FORMERR";
	}
}

static bool is_digit(uint8_t octet)
{
	return octet >= '0' && octet <= '9';
}

static bool is_letter(uint8_t octet)
{
	return (octet >= 'A' && octet <= 'Z') || (octet >= 'a' && octet <= 'z');
}

/* RFC 1183 3.1: digits, four at least. */
static const char *check_x25(const uint8_t *rdata, size_t length)
{
	size_t i;

	if (length < 5 || rdata[0] != length - 1)
		return "FORMERR";
	for (i = 1; i < length; i++)
		if (!is_digit(rdata[i]))
			return "FORMERR";
	return NULL;
}

/* RFC 1876 2: sizes are digit and power; latitude and longitude have bounds,
 * in thousandths of a second. */
static const char *check_loc(const uint8_t *rdata, size_t length)
{
	static const uint32_t most[] = { 90 * 3600000U, 180 * 3600000U };
	uint32_t number;
	size_t i;

	if (length != 16 || rdata[0] != 0)
		return NULL;
	for (i = 1; i < 4; i++)
		if (rdata[i] / 16 > 9 || rdata[i] % 16 > 9)
			return "out of range";
	for (i = 0; i < 2; i++) {
		const uint8_t *octets = rdata + 4 + i * 4;

		number = octets[0] * 0x1000000U + octets[1] * 0x10000U +
			octets[2] * 0x100U + octets[3];
		if (number > 0x80000000U + most[i] ||
			number < 0x80000000U - most[i])
			return "out of range";
	}
	return NULL;
}

/* RFC 4034 5.1: what kinds of digests are as long as they are. */
static const char *check_ds(const uint8_t *rdata, size_t length)
{
	static const uint8_t lengths[] = { 0, 20, 32, 32, 48 };
	size_t wanted;

	if (length < 5)
		return TW_DIG_TOO_SHORT;
	if (rdata[3] == 0 || rdata[3] >= sizeof(lengths))
		return NULL;
	wanted = lengths[rdata[3]];
	if (length - 4 < wanted)
		return TW_DIG_TOO_SHORT;
	return length - 4 > wanted ? "extra input data" : NULL;
}

/* RFC 4255 3.1, RFC 6594 */
static const char *check_sshfp(const uint8_t *rdata, size_t length)
{
	if (length < 2)
		return TW_DIG_TOO_SHORT;
	if ((rdata[1] == 1 && length != 22) || (rdata[1] == 2 && length != 34))
		return "FORMERR";
	return length < 4 ? TW_DIG_TOO_SHORT : NULL;
}

/* RFC 8659 4.1: letters and digits. */
static const char *check_caa(const uint8_t *rdata, size_t length)
{
	size_t i;

	if (length < 2)
		return TW_DIG_TOO_SHORT;
	if (rdata[1] == 0 || length - 2 < rdata[1])
		return "FORMERR";
	for (i = 2; i < 2U + rdata[1]; i++)
		if (!is_digit(rdata[i]) && !is_letter(rdata[i]))
			return "FORMERR";
	return NULL;
}

/* RFC 9460 7.1: strings that are not empty. */
static bool is_alpn(const uint8_t *octets, size_t length)
{
	size_t at = 0;

	while (at < length) {
		if (octets[at] == 0 || octets[at] >= length - at)
			return false;
		at += octets[at] + 1U;
	}
	return length > 0;
}

static const char *check_svcb(const struct trowel_message *message,
	const struct trowel_record *record)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;

	while (trowel_field_next(message, record, &iterator, &field))
		if (field.kind == TROWEL_KIND_PARAM &&
			field.number == PARAM_ALPN &&
			!is_alpn(message->octets + field.offset, field.length))
			return "FORMERR";
	return NULL;
}

const char *tw_dig_octets_reason(
	uint16_t type, const uint8_t *rdata, size_t length)
{
	switch (type) {
	case 0:
		return "FORMERR";
	case WKS:
		return length > 5 && rdata[length - 1] == 0 ? "FORMERR" : NULL;
	case X25:
		return check_x25(rdata, length);
	case LOC:
		return check_loc(rdata, length);
	case A6:
		return length > 0 && rdata[0] > 128 ? "out of range" : NULL;
	case DS:
	case CDS:
	case DLV:
		return check_ds(rdata, length);
	case SSHFP:
		return check_sshfp(rdata, length);
	case IPSECKEY:
		return length > 1 && rdata[1] > 3 ? "not implemented" : NULL;
	case CAA:
		return check_caa(rdata, length);
	default:
		return NULL;
	}
}

/* The value of a digit of base32hex (RFC 4648 7); 32: it is none. */
static unsigned value_of(uint8_t octet)
{
	if (is_digit(octet))
		return octet - '0';
	if (octet >= 'a' && octet <= 'v')
		return octet - 'a' + 10U;
	if (octet >= 'A' && octet <= 'V')
		return octet - 'A' + 10U;
	return 32;
}

/* RFC 5155 3: the first label of the owner is a hash. */
static bool is_hash(const struct trowel_name *owner)
{
	size_t length = owner->octets[0], i;
	unsigned value = 0, rest = (unsigned)(length * 5 % 8);

	for (i = 1; i <= length && value < 32; i++)
		value = value_of(owner->octets[i]);
	/* Whole octets, with no bits but zeros left over. */
	return value < 32 && rest < 5 && value % (1U << rest) == 0;
}

static const char *check_owner(const struct trowel_message *message,
	const struct trowel_record *record)
{
	struct trowel_name owner;

	trowel_message_name(message, record->owner, &owner);
	return is_hash(&owner) ? NULL : "bad owner name (check-names)";
}

const char *tw_dig_rdata_reason(const struct trowel_message *message,
	const struct trowel_record *record)
{
	if (record->type == NSEC3)
		return check_owner(message, record);
	if (record->type == SVCB || record->type == HTTPS)
		return check_svcb(message, record);
	return tw_dig_octets_reason(record->type,
		message->octets + record->rdata, record->rdata_length);
}
