/* SPDX-License-Identifier: MIT */
/* Names in messages, with compression: RFC 1035 4.1.4. */
#include "wire/name.h"

#include "wire/cursor.h"

/* The part of a name behind a pointer: where its walk is. */
struct tail {
	size_t at;
	size_t run; /* start of the present run of labels */
	size_t length; /* octets so far, without the root */
	size_t pointers;
};

/* A pointer leads strictly before the run of labels that it ends, so that
 * loops cannot be written down, and never into the header. */
static enum trowel_status check_target(size_t target, size_t run)
{
	if (target < 12)
		return TROWEL_POINTER_INTO_HEADER;
	if (target >= run)
		return TROWEL_BAD_POINTER;
	return TROWEL_OK;
}

/* What is at fault where a run of labels does not end before `bound`: the
 * label at `last` if it reaches past it, or else what is not there. */
static enum trowel_status refuse_run(
	size_t limit, size_t bound, size_t last, size_t *position)
{
	*position = *position > bound ? last : bound;
	return bound == limit ? TROWEL_CUT_SHORT : TROWEL_NAME_TOO_LONG;
}

/* The run of labels at tail->at, up to the octet that ends it; at an error, to
 * the one at fault. */
static enum trowel_status pass_labels(struct tw_names *names, struct tail *tail)
{
	const uint8_t *octets = names->octets;
	size_t at = tail->at;
	size_t last = at;
	size_t room = TROWEL_NAME_MAX - tail->length;
	size_t bound = names->length - at < room ? names->length : at + room;
	uint32_t labels = 0;

	while (at < bound && tw_is_label(octets[at])) {
		last = at;
		at += (size_t)octets[at] + 1;
		labels++;
	}
	if (names->steps <= labels) {
		names->steps = 0;
		return TROWEL_TOO_MANY_POINTERS;
	}
	names->steps -= labels + 1;
	tail->length += at - tail->at;
	tail->at = at;
	if (at >= bound)
		return refuse_run(names->length, bound, last, &tail->at);
	return TROWEL_OK;
}

/* Goes where the pointer at tail->at leads. */
static enum trowel_status follow(
	const struct tw_names *names, struct tail *tail)
{
	enum trowel_status status;
	size_t target;

	if (names->octets[tail->at] < TW_POINTER)
		return TROWEL_BAD_LABEL_TYPE;
	if (names->length - tail->at < 2)
		return TROWEL_CUT_SHORT;
	target = tw_target_at(names->octets, tail->at);
	status = check_target(target, tail->run);
	if (status == TROWEL_OK && tail->pointers + 1 >= TROWEL_POINTERS_MAX)
		status = TROWEL_TOO_MANY_POINTERS;
	if (status != TROWEL_OK)
		return status;
	tail->pointers++;
	tail->run = target;
	tail->at = target;
	return TROWEL_OK;
}

/* Walks a tail to its root, or to a part of it that the memo knows. What the
 * memo knows holds for a run of labels that begins there: in the middle of a
 * run a pointer must lead further back. */
static enum trowel_status walk(struct tw_names *names, struct tail *tail)
{
	enum trowel_status status;

	for (;;) {
		status = pass_labels(names, tail);
		if (status != TROWEL_OK)
			return status;
		if (names->octets[tail->at] == 0) {
			tail->length++;
			return TROWEL_OK;
		}
		status = follow(names, tail);
		if (status != TROWEL_OK)
			return status;
		if (names->memo[tail->at % TW_MEMO_SIZE].offset == tail->at) {
			const struct tw_memo *memo =
				&names->memo[tail->at % TW_MEMO_SIZE];

			tail->length += memo->length;
			tail->pointers += memo->pointers;
			return TROWEL_OK;
		}
	}
}

/* Puts a name of `length` octets in the memo; a lone pointer need not be. */
static void remember(
	struct tw_names *names, size_t start, size_t length, size_t pointers)
{
	struct tw_memo *memo = &names->memo[start % TW_MEMO_SIZE];

	memo->offset = (uint16_t)start;
	memo->length = (uint8_t)length;
	memo->pointers = (uint8_t)pointers;
}

/* Puts the name at `target` in the memo. At an error *fault is the octet at
 * fault; how long a name is, is the fault of its first pointer. */
static enum trowel_status learn(
	struct tw_names *names, size_t target, size_t *fault)
{
	struct tail tail = { target, target, 0, 0 };
	enum trowel_status status = walk(names, &tail);

	if (status == TROWEL_OK && tail.length > TROWEL_NAME_MAX)
		status = TROWEL_NAME_TOO_LONG;
	if (status == TROWEL_OK && tail.pointers >= TROWEL_POINTERS_MAX)
		status = TROWEL_TOO_MANY_POINTERS;
	if (status == TROWEL_OK)
		remember(names, target, tail.length, tail.pointers);
	else if (status != TROWEL_NAME_TOO_LONG &&
		status != TROWEL_TOO_MANY_POINTERS)
		*fault = tail.at;
	return status;
}

/* The pointer at *position, behind a run of labels from `start`. */
static enum trowel_status check_pointer(
	struct tw_names *names, size_t limit, size_t start, size_t *position)
{
	size_t at = *position;
	enum trowel_status status;
	size_t target;
	const struct tw_memo *memo;

	if (names->octets[at] < TW_POINTER)
		return TROWEL_BAD_LABEL_TYPE;
	if (limit - at < 2)
		return TROWEL_CUT_SHORT;
	target = tw_target_at(names->octets, at);
	status = check_target(target, start);
	memo = &names->memo[target % TW_MEMO_SIZE];
	if (status == TROWEL_OK && memo->offset != target)
		status = learn(names, target, position);
	if (status != TROWEL_OK)
		return status;
	if (at - start + memo->length > TROWEL_NAME_MAX)
		return TROWEL_NAME_TOO_LONG;
	*position = at + 2;
	if (at > start && memo->pointers + 1 < TROWEL_POINTERS_MAX)
		remember(names, start, at - start + memo->length,
			(size_t)memo->pointers + 1);
	return TROWEL_OK;
}

enum trowel_status tw_name_check(
	struct tw_names *names, size_t limit, size_t *position)
{
	const uint8_t *octets = names->octets;
	size_t start = *position;
	size_t bound = limit - start < TROWEL_NAME_MAX
		? limit
		: start + TROWEL_NAME_MAX;
	size_t at = start;
	size_t last = start;

	while (at < bound && tw_is_label(octets[at])) {
		last = at;
		at += (size_t)octets[at] + 1;
	}
	*position = at;
	if (at >= bound)
		return refuse_run(limit, bound, last, position);
	if (octets[at] != 0)
		return check_pointer(names, limit, start, position);
	*position = at + 1;
	if (at > start)
		remember(names, start, at + 1 - start, 0);
	return TROWEL_OK;
}

static bool is_label_equal(const uint8_t *a, const uint8_t *b, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (a[i] != b[i] && tw_lower(a[i]) != tw_lower(b[i]))
			return false;
	return true;
}

/* Follows all the pointers that a name begins with. */
static size_t follow_pointers(
	const uint8_t *octets, size_t length, size_t at, uint32_t *steps)
{
	size_t target = tw_name_origin(octets, length, at);

	while (target != at && *steps > 0) {
		at = target;
		target = tw_name_origin(octets, length, at);
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

static void take(uint32_t *steps, uint32_t count)
{
	*steps = *steps > count ? *steps - count : 1;
}

bool tw_name_is_equal_at(const uint8_t *octets, size_t length, size_t a,
	size_t b, uint32_t *steps)
{
	for (; *steps > 0; --*steps) {
		a = follow_pointers(octets, length, a, steps);
		b = follow_pointers(octets, length, b, steps);
		if (*steps == 0)
			break;
		if (a == b)
			return true;
		if (a >= length || b >= length || octets[a] != octets[b])
			return false;
		if (octets[a] == 0)
			return true;
		if (length - a <= octets[a] || length - b <= octets[b] ||
			!is_label_equal(
				octets + a + 1, octets + b + 1, octets[a]))
			return false;
		take(steps, octets[a] / 4U);
		b += (size_t)octets[b] + 1;
		a += (size_t)octets[a] + 1;
	}
	return false;
}

#define CHUNK 16

/* Copies `count` octets; up to `room`, of both, may be touched: whole chunks
 * are quicker. */
static void copy(uint8_t *restrict to, const uint8_t *restrict from,
	size_t count, size_t room)
{
	size_t end = (count + CHUNK - 1) / CHUNK * CHUNK;

	if (end > room)
		end = 0;
	for (size_t i = 0; i < end; i += CHUNK)
		for (size_t j = 0; j < CHUNK; j++)
			to[i + j] = from[i + j];
	for (size_t i = end; i < count; i++)
		to[i] = from[i];
}

size_t trowel_message_name(const struct trowel_message *message,
	uint16_t offset, struct trowel_name *name)
{
	const uint8_t *octets = message->octets;
	size_t length = message->length;
	size_t run = offset;
	size_t at = run;
	size_t used = 0;

	/* A run of labels a turn; each is before the last. */
	while (at < length) {
		size_t left = length - run;
		size_t room = TROWEL_NAME_MAX - used;

		if (room > left)
			room = left;
		while (at - run < room && tw_is_label(octets[at]))
			at += (size_t)octets[at] + 1;
		if (at - run >= room)
			break;
		copy(name->octets + used, octets + run, at - run, room);
		used += at - run;
		if (octets[at] == 0) {
			name->octets[used] = 0;
			name->length = (uint8_t)(used + 1);
			return used + 1;
		}
		if (octets[at] < TW_POINTER || length - at < 2 ||
			tw_target_at(octets, at) >= run)
			break;
		run = tw_target_at(octets, at);
		at = run;
	}
	name->octets[0] = 0;
	name->length = 1;
	return 1;
}
