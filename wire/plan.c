/* SPDX-License-Identifier: MIT */
/* RDATA of the commonest types, by their rows in short. */
#include "wire/rdata.h"

#include "wire/cursor.h"

/* So many octets that may be anything, then one of these. What a plan says is
 * what the row says, or less. */
enum shape {
	SHAPE_REST, /* anything; not from the start on: 0 is no plan */
	SHAPE_NAME, /* one */
	SHAPE_NAMES, /* two, then 20 octets */
	SHAPE_SIGNED, /* one name that is not compressed, then some octets */
	SHAPE_SERVICE, /* such a name, then parameters */
	SHAPE_STRINGS, /* one or more */
	SHAPE_HASHED, /* salt, hash, types */
	SHAPE_RULE /* three strings, then a name */
};

#define FIXED_END 32
#define PLAN(fixed, shape) (SHAPE_##shape * FIXED_END + (fixed))

static const uint8_t plans[] = {
	[2] = PLAN(0, NAME), /* NS */
	[5] = PLAN(0, NAME), /* CNAME */
	[6] = PLAN(0, NAMES), /* SOA */
	[12] = PLAN(0, NAME), /* PTR */
	[15] = PLAN(2, NAME), /* MX */
	[16] = PLAN(0, STRINGS), /* TXT */
	[33] = PLAN(6, NAME), /* SRV */
	[35] = PLAN(4, RULE), /* NAPTR */
	[43] = PLAN(5, REST), /* DS */
	[46] = PLAN(18, SIGNED), /* RRSIG */
	[48] = PLAN(5, REST), /* DNSKEY */
	[50] = PLAN(4, HASHED), /* NSEC3 */
	[52] = PLAN(4, REST), /* TLSA */
	[64] = PLAN(2, SERVICE), /* SVCB */
	[65] = PLAN(2, SERVICE), /* HTTPS */
};

TW_APART size_t tw_plain_name_pass(
	const uint8_t *octets, size_t start, size_t end)
{
	size_t at = start;
	size_t octet;

	/*@ loop invariant start <= at <= end + 63 || at == start;
	    loop assigns at, octet;
	    loop variant 65535 + 63 - at; */
	for (;; at += octet + 1) {
		if (at >= end)
			return TW_NOWHERE;
		octet = octets[at];
		if (!tw_is_label(octet))
			break;
	}
	return octet == 0 && at - start < TROWEL_NAME_MAX ? at + 1 : TW_NOWHERE;
}

/* The end of so many strings, which may be past `end`, or less. */
/*@ requires at <= end + 255 && end <= TROWEL_MESSAGE_MAX;
    requires \valid_read(octets + (0 .. end - 1));
    assigns \nothing;
    ensures at <= \result <= end + 255; */
static inline size_t pass_strings(
	const uint8_t *octets, size_t at, size_t end, size_t count)
{
	/*@ loop invariant \at(at, Pre) <= at <= end + 255;
	    loop assigns at, count;
	    loop variant count; */
	for (; count > 0 && at < end; count--)
		at += (size_t)octets[at] + 1;
	return at;
}

/*@ requires tw_message_is_open(message);
    requires at <= end && end <= message->length;
    assigns message->names;
    ensures tw_names_are_right(message); */
static TW_APART size_t pass_names(
	struct trowel_message *message, size_t at, size_t end)
{
	at = tw_name_pass(message, at, end);
	if (at < end)
		at = tw_name_pass(message, at, end);
	return at + 20;
}

/*@ requires \valid_read(message) && at <= end <= message->length;
    requires \valid_read(message->octets + (0 .. message->length - 1));
    assigns \nothing; */
static TW_APART size_t pass_service(
	const struct trowel_message *message, size_t at, size_t end)
{
	struct tw_rdata rdata = { message->octets, at, end };

	at = tw_plain_name_pass(message->octets, at, end);
	return at < end && tw_params_check(&rdata, &at) != TROWEL_OK
		? TW_NOWHERE
		: at;
}

/*@ requires \valid_read(message) && at <= end <= message->length;
    requires \valid_read(message->octets + (0 .. message->length - 1));
    assigns \nothing; */
static TW_APART size_t pass_hashed(
	const struct trowel_message *message, size_t at, size_t end)
{
	struct tw_rdata rdata = { message->octets, at, end };

	at = pass_strings(message->octets, at, end, 1);
	if (at >= end || message->octets[at] == 0)
		return TW_NOWHERE;
	at += (size_t)message->octets[at] + 1;
	return at <= end && tw_types_check(&rdata, &at) == TROWEL_OK
		? at
		: TW_NOWHERE;
}

/*@ requires tw_message_is_open(message);
    requires at <= end && end <= message->length;
    assigns message->names;
    ensures tw_names_are_right(message); */
static TW_APART size_t pass_rule(
	struct trowel_message *message, size_t at, size_t end)
{
	at = pass_strings(message->octets, at, end, 3);
	return at < end ? tw_name_pass(message, at, end) : TW_NOWHERE;
}

/* The plan of a type of class IN, or 0. */
/*@ assigns \nothing;
    ensures \result <= 255; */
static inline size_t plan_of(uint32_t kind)
{
	uint32_t type = kind / 65536;

	return kind % 65536 == 1 && type < sizeof plans ? plans[type] : 0;
}

size_t tw_rdata_pass(
	struct trowel_message *message, uint32_t kind, size_t start, size_t end)
{
	size_t plan = plan_of(kind);
	size_t shape = plan / FIXED_END;
	size_t at = start + plan % FIXED_END;

	if (plan == 0 || at > end)
		return TW_NOWHERE;
	if (shape == SHAPE_NAME)
		return tw_name_pass(message, at, end);
	if (shape == SHAPE_SIGNED)
		return tw_plain_name_pass(message->octets, at, end) < end
			? end
			: TW_NOWHERE;
	if (shape == SHAPE_STRINGS)
		return at < end
			? pass_strings(message->octets, at, end, end - at)
			: TW_NOWHERE;
	if (shape == SHAPE_NAMES)
		return pass_names(message, at, end);
	if (shape == SHAPE_SERVICE)
		return pass_service(message, at, end);
	if (shape == SHAPE_HASHED)
		return pass_hashed(message, at, end);
	if (shape == SHAPE_RULE)
		return pass_rule(message, at, end);
	return end;
}
