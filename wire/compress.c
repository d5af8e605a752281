/* SPDX-License-Identifier: MIT */
/* Names in messages, with compression: RFC 1035 4.1.4. */
#include "wire/name.h"

#include "wire/cursor.h"

#define HEADER_SIZE 12

/* The part of a name behind a pointer: where its walk is. */
struct tail {
	size_t at;
	size_t run; /* start of the present run of labels */
	size_t length; /* octets so far, without the root */
	size_t pointers;
};

/* How far a run of labels from `start` can go. */
/*@ requires start <= limit <= TROWEL_MESSAGE_MAX && room <= TROWEL_NAME_MAX;
    assigns \nothing;
    ensures \result == (limit - start < room ? limit : start + room); */
static inline size_t bound_of(size_t start, size_t limit, size_t room)
{
	return limit - start < room ? limit : start + room;
}

/*@ requires tw_message_is_open(message) && run <= TROWEL_NAME_MAX;
    requires start <= TROWEL_MESSAGE_MAX && size <= 65535;
    requires
      tw_is_right(message->octets, message->length, start, size, run);
    assigns message->names.offsets[0 .. TROWEL_KNOWN_NAMES - 1],
      message->names.sizes[0 .. TROWEL_KNOWN_NAMES - 1],
      message->names.runs[0 .. TROWEL_KNOWN_NAMES - 1];
    ensures tw_names_are_right(message); */
static inline void remember(
	struct trowel_message *message, size_t start, size_t size, size_t run)
{
	size_t slot = start % TROWEL_KNOWN_NAMES;

	message->names.offsets[slot] = (uint16_t)start;
	message->names.sizes[slot] = (uint16_t)size;
	message->names.runs[slot] = (uint8_t)run;
	/*@ assert tw_is_put{Pre, Here}(&message->names.offsets[0],
	      &message->names.sizes[0], &message->names.runs[0],
	      message->octets, message->length, start, size, run); */
}

/* Walks the name at `target` to its root, or to a part of it that the memo
 * knows, and puts it in the memo. What that knows holds for a run of labels
 * that begins there: in the middle of a run a pointer must lead further back.
 * False if the name is not good, or if the steps are used up. */
/*@ requires tw_message_is_open(message) && target <= TROWEL_MESSAGE_MAX;
    assigns message->names;
    ensures tw_names_are_right(message); */
static TW_COLD bool learn(struct trowel_message *message, size_t target)
{
	const uint8_t *octets = message->octets;
	size_t run = target;
	size_t first = 0;
	size_t length = 1;
	size_t pointers = 0;
	uint32_t steps = 0;

	/*@ loop invariant run <= target && first <= TROWEL_NAME_MAX;
	    loop invariant 1 <= length <= TROWEL_NAME_MAX;
	    loop invariant 0 <= pointers <= TROWEL_POINTERS_MAX;
	    loop invariant steps <= pointers * 65536;
	    loop invariant pointers == 0 ==> run == target && length == 1;
	    loop invariant pointers > 0 ==>
	      tw_is_run(octets, target, target + first);
	    loop assigns run, first, length, pointers, steps;
	    loop variant run; */
	while (pointers < TROWEL_POINTERS_MAX) {
		size_t at = run;
		size_t octet;

		/*@ loop invariant run <= at <= message->length + 63 || at == run;
		    loop invariant steps <= pointers * 65536 + at - run;
		    loop invariant tw_is_run(octets, run, at);
		    loop assigns at, octet, steps;
		    loop variant 65535 + 63 - at; */
		for (;; at += octet + 1) {
			if (at >= message->length)
				return false;
			octet = octets[at];
			steps++;
			if (!tw_is_label(octet))
				break;
		}
		length += at - run;
		if (length > TROWEL_NAME_MAX)
			return false;
		/*@ assert pointers == 0 ==>
		      tw_is_run(octets, target, target + length - 1); */
		if (octet == 0)
			break;
		if (octet < TW_POINTER || message->length - at < 2)
			return false;
		at = (octet - TW_POINTER) * 256 + octets[at + 1];
		if (at < HEADER_SIZE || at >= run)
			return false;
		if (pointers == 0)
			first = length - 1;
		run = at;
		pointers++;
		//@ assert tw_is_run(octets, target, target + first);
		if (tw_names_has(message, run)) {
			length += tw_names_size(message, run) % TW_SIZE_POINTER;
			length--;
			pointers +=
				tw_names_size(message, run) / TW_SIZE_POINTER;
			break;
		}
	}
	if (length > TROWEL_NAME_MAX || pointers >= TROWEL_POINTERS_MAX)
		return false;
	if (message->names.steps < steps) {
		message->names.steps = 0;
		return false;
	}
	/*@ assert pointers == 0 ==>
	      tw_is_known(octets, target, length, length); */
	/*@ assert pointers > 0 ==> tw_is_known(octets, target,
	      length + pointers * TW_SIZE_POINTER, first); */
	message->names.steps -= steps;
	remember(message, target, length + pointers * TW_SIZE_POINTER,
		pointers == 0 ? length : first);
	return true;
}

/* Ends the name from `start` with the pointer at `at` to a name of this size. A
 * lone pointer need not be in the memo itself. */
/*@ requires tw_message_is_open(message) && start <= at <= TROWEL_MESSAGE_MAX;
    requires size <= 65535 && tw_is_run(message->octets, start, at);
    assigns message->names.offsets[0 .. TROWEL_KNOWN_NAMES - 1],
      message->names.sizes[0 .. TROWEL_KNOWN_NAMES - 1],
      message->names.runs[0 .. TROWEL_KNOWN_NAMES - 1];
    ensures \result == TW_NOWHERE || \result == at + 2;
    ensures tw_names_are_right(message); */
static inline size_t end_name(
	struct trowel_message *message, size_t start, size_t at, size_t size)
{
	size_t labels = at - start;

	if (labels == 0)
		return at + 2;
	if (labels + size % TW_SIZE_POINTER > TROWEL_NAME_MAX)
		return TW_NOWHERE;
	if (size < (TROWEL_POINTERS_MAX - 1) * TW_SIZE_POINTER)
		remember(message, start, labels + size + TW_SIZE_POINTER,
			labels);
	return at + 2;
}

/*@ requires tw_message_is_open(message);
    requires target < start <= at <= message->length - 2;
    requires tw_is_run(message->octets, start, at);
    assigns message->names;
    ensures \result == TW_NOWHERE || \result == at + 2;
    ensures tw_names_are_right(message); */
static TW_COLD size_t learn_and_end(
	struct trowel_message *message, size_t start, size_t at, size_t target)
{
	if (!learn(message, target))
		return TW_NOWHERE;
	//@ assert tw_is_run(message->octets, start, at);
	return end_name(message, start, at, tw_names_size(message, target));
}

/* Likewise, where the pointer's target is not known. Mostly that is one run of
 * labels before, up to the root or a pointer to what is known. */
/*@ requires tw_message_is_open(message);
    requires target < start <= at <= message->length - 2;
    requires tw_is_run(message->octets, start, at);
    assigns message->names;
    ensures \result == TW_NOWHERE || \result == at + 2;
    ensures tw_names_are_right(message); */
static TW_COLD size_t end_unknown(
	struct trowel_message *message, size_t start, size_t at, size_t target)
{
	const uint8_t *octets = message->octets;
	size_t end = target;
	size_t size = 0;
	size_t octet;
	uint32_t steps = 1;

	if (target < HEADER_SIZE)
		return TW_NOWHERE;
	/*@ loop invariant target <= end < start;
	    loop invariant 1 <= steps <= end - target + 1;
	    loop invariant tw_is_run(octets, target, end);
	    loop assigns end, octet, steps;
	    loop variant start - end; */
	for (;; steps++) {
		octet = octets[end];
		if (!tw_is_label(octet))
			break;
		end += octet + 1;
		if (end >= start)
			return learn_and_end(message, start, at, target);
	}
	if (octet == 0) {
		end++;
	} else {
		size_t next;

		if (octet < TW_POINTER)
			return TW_NOWHERE;
		next = (octet - TW_POINTER) * 256 + octets[end + 1];
		size = tw_names_size(message, next) + TW_SIZE_POINTER;
		if (end == target || next >= target ||
			!tw_names_has(message, next))
			return learn_and_end(message, start, at, target);
	}
	if (end - target + size % TW_SIZE_POINTER > TROWEL_NAME_MAX ||
		size >= TROWEL_POINTERS_MAX * TW_SIZE_POINTER ||
		message->names.steps < steps)
		return learn_and_end(message, start, at, target);
	/*@ assert size == 0 ==> tw_is_run(octets, target, end - 1) &&
	      octets[end - 1] == 0; */
	//@ assert size > 0 ==> size >= 256 && tw_is_run(octets, target, end);
	size += end - target;
	//@ assert tw_is_known(octets, target, size, end - target);
	message->names.steps -= steps;
	remember(message, target, size, end - target);
	//@ assert tw_is_run(octets, start, at);
	return end_name(message, start, at, size);
}

size_t tw_name_pass(struct trowel_message *message, size_t start, size_t limit)
{
	const uint8_t *octets = message->octets;
	size_t at = start;
	size_t octet;
	size_t target;

	/*@ loop invariant start <= at <= limit + 63 || at == start;
	    loop invariant tw_is_run(octets, start, at);
	    loop assigns at, octet;
	    loop variant 65535 + 63 - at; */
	for (;; at += octet + 1) {
		if (at >= limit)
			return TW_NOWHERE;
		octet = octets[at];
		if (!tw_is_label(octet))
			break;
	}
	if (octet == 0) {
		if (at - start >= TROWEL_NAME_MAX)
			return TW_NOWHERE;
		remember(message, start, at + 1 - start, at + 1 - start);
		return at + 1;
	}
	if (at + 1 >= limit || octet < TW_POINTER)
		return TW_NOWHERE;
	target = (octet - TW_POINTER) * 256 + octets[at + 1];
	if (target >= start)
		return TW_NOWHERE;
	if (!tw_names_has(message, target))
		return end_unknown(message, start, at, target);
	return end_name(message, start, at, tw_names_size(message, target));
}

/* A pointer leads strictly before the run of labels that it ends, so that
 * loops cannot be written down, and never into the header. */
/*@ assigns \nothing;
    ensures \result == (target < HEADER_SIZE ? TROWEL_POINTER_INTO_HEADER :
      target >= run ? TROWEL_BAD_POINTER : TROWEL_OK); */
static enum trowel_status check_target(size_t target, size_t run)
{
	if (target < HEADER_SIZE)
		return TROWEL_POINTER_INTO_HEADER;
	if (target >= run)
		return TROWEL_BAD_POINTER;
	return TROWEL_OK;
}

/* Sets *position to the end of a run of labels from `start`. Where that does
 * not end before `bound`, it is at fault: the last label if it reaches past it,
 * or else what is not there. */
/*@ requires start <= bound <= limit <= TROWEL_MESSAGE_MAX;
    requires \valid_read(octets + (0 .. bound - 1)) && \valid(position);
    requires \separated(position, octets + (0 .. bound - 1));
    assigns *position;
    ensures \result == TROWEL_OK || \result == TROWEL_CUT_SHORT ||
      \result == TROWEL_NAME_TOO_LONG;
    ensures start <= *position <= bound;
    ensures \result == TROWEL_OK ==> *position < bound; */
static enum trowel_status check_run(const uint8_t *octets, size_t start,
	size_t bound, size_t limit, size_t *position)
{
	size_t at = start;
	size_t last = start;

	/*@ loop invariant start <= last <= at <= bound + 63;
	    loop invariant last < bound || at == start;
	    loop assigns at, last;
	    loop variant bound + 63 - at; */
	while (at < bound && tw_is_label(octets[at])) {
		last = at;
		at += (size_t)octets[at] + 1;
	}
	*position = at > bound ? last : at;
	if (at < bound)
		return TROWEL_OK;
	return bound == limit ? TROWEL_CUT_SHORT : TROWEL_NAME_TOO_LONG;
}

/* Goes where the pointer at tail->at leads, if there is one. */
/*@ requires \valid_read(message) && \valid(tail);
    requires \valid_read(message->octets + (0 .. message->length - 1));
    requires \separated(tail, message,
      message->octets + (0 .. message->length - 1));
    requires tail->at < limit <= message->length;
    requires tail->pointers <= TROWEL_POINTERS_MAX;
    assigns tail->at, tail->run, tail->pointers;
    ensures \result == TROWEL_OK || \result == TROWEL_CUT_SHORT ||
      TROWEL_BAD_LABEL_TYPE <= \result <= TROWEL_TOO_MANY_POINTERS;
    ensures tail->pointers <= TROWEL_POINTERS_MAX;
    ensures \result == TROWEL_OK ==> tail->at == tail->run < \old(tail->run);
    ensures \result != TROWEL_OK ==> tail->at == \old(tail->at); */
static enum trowel_status check_pointer(
	const struct trowel_message *message, size_t limit, struct tail *tail)
{
	enum trowel_status status;
	size_t target;

	if (message->octets[tail->at] < TW_POINTER)
		return TROWEL_BAD_LABEL_TYPE;
	if (limit - tail->at < 2)
		return TROWEL_CUT_SHORT;
	target = tw_target_at(message->octets, tail->at);
	status = check_target(target, tail->run);
	if (status == TROWEL_OK && tail->pointers >= TROWEL_POINTERS_MAX)
		status = TROWEL_TOO_MANY_POINTERS;
	if (status == TROWEL_OK) {
		tail->pointers++;
		tail->run = target;
		tail->at = target;
	}
	return status;
}

/* Walks a tail to its root. */
/*@ requires \valid_read(message) && \valid(tail);
    requires \valid_read(message->octets + (0 .. message->length - 1));
    requires \separated(tail, message,
      message->octets + (0 .. message->length - 1));
    requires tail->run < message->length && tail->length == 0;
    requires tail->pointers <= TROWEL_POINTERS_MAX;
    assigns *tail;
    ensures \result == TROWEL_OK || \result == TROWEL_CUT_SHORT ||
      TROWEL_BAD_LABEL_TYPE <= \result <= TROWEL_TOO_MANY_POINTERS ||
      \result == TROWEL_NAME_TOO_LONG;
    ensures tail->at <= message->length && tail->length < TROWEL_NAME_MAX; */
static enum trowel_status check_tail(
	const struct trowel_message *message, struct tail *tail)
{
	enum trowel_status status;

	/*@ loop invariant tail->run < message->length;
	    loop invariant tail->length < TROWEL_NAME_MAX;
	    loop invariant tail->pointers <= TROWEL_POINTERS_MAX;
	    loop assigns status, *tail;
	    loop variant tail->run; */
	do {
		size_t bound = bound_of(tail->run, message->length,
			TROWEL_NAME_MAX - tail->length);

		status = check_run(message->octets, tail->run, bound,
			message->length, &tail->at);
		if (status != TROWEL_OK)
			return status;
		tail->length += tail->at - tail->run;
		if (message->octets[tail->at] == 0)
			return TROWEL_OK;
		status = check_pointer(message, message->length, tail);
	} while (status == TROWEL_OK);
	return status;
}

/* Why a name is not good. How long it is, is the fault of its first pointer. */
/*@ requires tw_message_is_open(message) && \valid(position);
    requires *position <= limit <= message->length;
    requires \separated(position, message,
      message->octets + (0 .. message->length - 1));
    assigns *position;
    ensures \result == TROWEL_CUT_SHORT ||
      \result == TROWEL_NAME_TOO_LONG || TROWEL_BAD_LABEL_TYPE <= \result <=
      TROWEL_TOO_MANY_POINTERS;
    ensures *position <= message->length; */
static TW_COLD enum trowel_status find_fault(
	const struct trowel_message *message, size_t limit, size_t *position)
{
	size_t start = *position;
	size_t labels;
	struct tail tail = { 0, start, 0, 0 };
	enum trowel_status status = check_run(message->octets, start,
		bound_of(start, limit, TROWEL_NAME_MAX), limit, position);

	if (status != TROWEL_OK)
		return status;
	labels = *position - start;
	tail.at = *position;
	status = check_pointer(message, limit, &tail);
	if (status != TROWEL_OK)
		return status;
	status = check_tail(message, &tail);
	if (status == TROWEL_OK && labels + tail.length >= TROWEL_NAME_MAX)
		return TROWEL_NAME_TOO_LONG;
	/* No fault: the steps are used up. */
	if (status == TROWEL_OK)
		return TROWEL_TOO_MANY_POINTERS;
	if (status != TROWEL_NAME_TOO_LONG &&
		status != TROWEL_TOO_MANY_POINTERS)
		*position = tail.at;
	return status;
}

enum trowel_status tw_name_check(
	struct trowel_message *message, size_t limit, size_t *position)
{
	size_t end = tw_name_pass(message, *position, limit);

	if (end == TW_NOWHERE)
		return find_fault(message, limit, position);
	*position = end;
	return TROWEL_OK;
}

/*@ requires \valid_read(a + (0 .. length - 1));
    requires \valid_read(b + (0 .. length - 1));
    assigns \nothing; */
static inline bool is_label_equal(
	const uint8_t *a, const uint8_t *b, size_t length)
{
	/*@ loop invariant 0 <= i <= length;
	    loop assigns i;
	    loop variant length - i; */
	for (size_t i = 0; i < length; i++)
		if (a[i] != b[i] && tw_lower(a[i]) != tw_lower(b[i]))
			return false;
	return true;
}

/* Follows all the pointers that a name begins with. */
/*@ requires at <= length && \valid_read(octets + (0 .. length - 1));
    requires \valid(steps) && \separated(steps, octets + (0 .. length - 1));
    assigns *steps;
    ensures \result <= at && *steps <= \old(*steps); */
static inline size_t follow_pointers(
	const uint8_t *octets, size_t length, size_t at, uint32_t *steps)
{
	/*@ loop invariant at <= \at(at, Pre) && *steps <= \at(*steps, Pre);
	    loop assigns at, *steps;
	    loop variant at; */
	while (length - at >= 2 && octets[at] >= TW_POINTER &&
		tw_target_at(octets, at) < at && *steps > 0) {
		at = tw_target_at(octets, at);
		--*steps;
	}
	return at;
}

bool tw_name_is_root_at(const uint8_t *octets, size_t length, size_t position)
{
	uint32_t steps = TROWEL_POINTERS_MAX;
	size_t at = follow_pointers(octets, length, position, &steps);

	return at < length && octets[at] == 0;
}

/*@ requires \valid(steps) && *steps > 0;
    assigns *steps;
    ensures 1 <= *steps <= \old(*steps); */
static void take(uint32_t *steps, uint32_t count)
{
	*steps = *steps > count ? *steps - count : 1;
}

TW_COLD bool tw_name_is_equal_at(const uint8_t *octets, size_t length, size_t a,
	size_t b, uint32_t *steps)
{
	uint32_t left = *steps;
	bool is_equal = false;

	/*@ loop invariant left <= \at(*steps, Pre);
	    loop assigns left, is_equal, a, b;
	    loop variant left; */
	for (; left > 0 && a < length && b < length; left--) {
		size_t count;

		a = follow_pointers(octets, length, a, &left);
		b = follow_pointers(octets, length, b, &left);
		count = octets[a];
		is_equal =
			left > 0 && (a == b || (count == 0 && octets[b] == 0));
		if (is_equal || left == 0 || octets[b] != count ||
			length - a <= count || length - b <= count ||
			!is_label_equal(octets + a + 1, octets + b + 1, count))
			break;
		take(&left, (uint32_t)count / 4);
		a += count + 1;
		b += count + 1;
	}
	*steps = left;
	return is_equal;
}

/* Whether so many octets from `from` on can be copied by chunks: such that there
 * are, and a pointer behind them, to where there is room behind `used`. */
/*@ logic integer chunks(integer length) =
      (length + 2 + TW_CHUNK - 1) / TW_CHUNK * TW_CHUNK; */

/*@ requires end <= TROWEL_MESSAGE_MAX && from <= TROWEL_MESSAGE_MAX;
    requires used <= TROWEL_NAME_MAX && length <= TROWEL_NAME_MAX;
    assigns \nothing;
    ensures \result <==> from + chunks(length) <= end &&
      used + chunks(length) <= TROWEL_NAME_MAX; */
static inline bool has_chunks(
	size_t end, size_t from, size_t used, size_t length)
{
	size_t size = (length + 2 + TW_CHUNK - 1) / TW_CHUNK * TW_CHUNK;

	return from + size <= end && used + size <= TROWEL_NAME_MAX;
}

/*@ requires \valid(name) && used + chunks(length) <= TROWEL_NAME_MAX;
    requires \valid_read(octets + (from .. from + chunks(length) - 1));
    requires from <= TROWEL_MESSAGE_MAX;
    requires \separated(name, octets + (from .. from + chunks(length) - 1));
    assigns name->octets[used .. TROWEL_NAME_MAX - 1];
    ensures \forall integer k; used <= k < used + length ==>
      name->octets[k] == octets[k - used + from];
    ensures \old(tw_labels(name, used)) ==> tw_labels(name, used);
    ensures \forall integer end; from <= end <= from + length &&
      \old(tw_labels(name, used)) && tw_is_run{Pre}(octets, from, end) ==>
      tw_labels(name, end - from + used); */
static inline void copy_chunks(struct trowel_name *restrict name, size_t used,
	const uint8_t *restrict octets, size_t from, size_t length)
{
	/*@ loop invariant 0 <= i <= chunks(length) && i % TW_CHUNK == 0;
	    loop invariant \forall integer k; used <= k < used + i ==>
	      name->octets[k] == octets[k - used + from];
	    loop assigns i, name->octets[used .. TROWEL_NAME_MAX - 1];
	    loop variant chunks(length) - i; */
	for (size_t i = 0; i < length; i += TW_CHUNK)
		tw_copy_chunk(name->octets, used + i, octets, from + i);
	//@ assert tw_labels{Pre}(name, used) ==> tw_labels(name, used);
	/*@ assert \forall integer k; from <= k < from + length ==>
	      name->octets[k - from + used] == \at(octets[k], Pre); */
}

/* Copies the label at `at` with its length octet, behind `used` octets. */
/*@ requires \valid(name) && at < length <= TROWEL_MESSAGE_MAX;
    requires \valid_read(octets + (0 .. length - 1));
    requires \separated(name, octets + (0 .. length - 1));
    requires octets[at] <= TROWEL_LABEL_MAX && octets[at] < length - at;
    requires used + octets[at] < TROWEL_NAME_MAX;
    assigns name->octets[used .. TROWEL_NAME_MAX - 1];
    ensures name->octets[used] == octets[at]; */
static inline void copy_label(struct trowel_name *restrict name, size_t used,
	const uint8_t *restrict octets, size_t length, size_t at)
{
	size_t size = (size_t)octets[at] + 1;

	if (has_chunks(length, at, used, size)) {
		copy_chunks(name, used, octets, at, size);
		return;
	}
	/*@ loop invariant 0 <= i <= size;
	    loop invariant i > 0 ==> name->octets[used] == octets[at];
	    loop assigns i, name->octets[used .. TROWEL_NAME_MAX - 1];
	    loop variant size - i; */
	for (size_t i = 0; i < size; i++)
		name->octets[used + i] = octets[at + i];
}

/* Ends a name with the root's octet, the last of so many. */
/*@ requires \valid(name) && 1 <= used <= TROWEL_NAME_MAX;
    assigns name->length;
    ensures \result == name->length && \result == used;
    ensures \old(tw_labels(name, used - 1)) &&
      \old(name->octets[used - 1]) == 0 ==> tw_name_is_good(name); */
static inline size_t end_at(struct trowel_name *name, size_t used)
{
	name->length = (uint8_t)used;
	/*@ assert \forall integer k; 0 <= k < used - 1 ==>
	      name->octets[k] == \at(name->octets[k], Pre); */
	return used;
}

/* The name at `at`, behind `used` octets that are there, label by label: the
 * whole rule. */
/*@ requires \valid_read(message) && \valid(name);
    requires \valid_read(message->octets + (0 .. message->length - 1));
    requires \separated(name, message,
      message->octets + (0 .. message->length - 1));
    requires at <= TROWEL_MESSAGE_MAX && used <= TROWEL_NAME_MAX;
    assigns *name;
    ensures \result == name->length && 1 <= \result <= TROWEL_NAME_MAX;
    ensures \old(tw_labels(name, used)) ==> tw_name_is_good(name); */
static TW_COLD size_t expand(const struct trowel_message *message, size_t at,
	size_t used, struct trowel_name *name)
{
	const uint8_t *octets = message->octets;
	size_t length = message->length;
	size_t run = at;

	/* A label or a pointer a turn; each run is before the last. */
	/*@ loop invariant at <= TROWEL_MESSAGE_MAX && used <= TROWEL_NAME_MAX;
	    loop invariant tw_labels{Pre}(name, \at(used, Pre)) ==>
	      tw_labels(name, used);
	    loop assigns at, used, run, *name;
	    loop variant run + TROWEL_NAME_MAX - used; */
	while (at < length && used < TROWEL_NAME_MAX) {
		size_t count = octets[at];

		if (count >= TW_POINTER) {
			if (length - at < 2 || tw_target_at(octets, at) >= run)
				break;
			run = tw_target_at(octets, at);
			//@ assert run < \at(run, LoopCurrent);
			at = run;
			continue;
		}
		if (count >= TW_LABEL_END || length - at <= count ||
			TROWEL_NAME_MAX - used <= count)
			break;
		copy_label(name, used, octets, length, at);
		/*@ assert tw_labels{Pre}(name, \at(used, Pre)) ==>
		      tw_labels(name, used); */
		if (count == 0) {
			//@ assert name->octets[used] == 0;
			return end_at(name, used + 1);
		}
		used += count + 1;
		at += count + 1;
	}
	name->octets[0] = 0;
	return end_at(name, 1);
}

/* By runs of labels, as long as they are known. */
size_t trowel_message_name(const struct trowel_message *message,
	uint16_t offset, struct trowel_name *name)
{
	const uint8_t *octets = message->octets;
	size_t at = offset;
	size_t used = 0;

	if (at < message->length && octets[at] == 0) {
		name->octets[0] = 0;
		return end_at(name, 1);
	}
	/*@ loop invariant at <= TROWEL_MESSAGE_MAX && used <= TROWEL_NAME_MAX;
	    loop invariant tw_names_are_right{Pre}(message) ==>
	      tw_labels(name, used);
	    loop assigns at, used, *name;
	    loop variant at; */
	while (tw_names_has(message, at)) {
		size_t run = tw_names_run(message, at);
		size_t target;

		if (run == 0 || !has_chunks(message->length, at, used, run))
			break;
		/*@ assert tw_names_are_right{Pre}(message) ==>
		      tw_is_known{Pre}(octets, at,
		      message->names.sizes[at % TROWEL_KNOWN_NAMES], run); */
		/*@ assert tw_names_are_right{Pre}(message) ==>
		      tw_is_known(octets, at,
		      message->names.sizes[at % TROWEL_KNOWN_NAMES], run); */
		copy_chunks(name, used, octets, at, run);
		//@ assert name->octets[used + run - 1] == octets[at + run - 1];
		if (tw_names_size(message, at) < TW_SIZE_POINTER) {
			/*@ assert tw_names_are_right{Pre}(message) ==>
			      tw_labels(name, used + run - 1) &&
			      name->octets[used + run - 1] == 0; */
			return end_at(name, used + run);
		}
		/*@ assert tw_names_are_right{Pre}(message) ==>
		      tw_labels(name, used + run); */
		target = tw_target_at(octets, at + run);
		if (target >= at)
			break;
		used += run;
		//@ assert target < at;
		at = target;
	}
	return expand(message, at, used, name);
}
