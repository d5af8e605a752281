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

/* Sets *position to what is at fault where a run of labels from `start` does
 * not end before `bound`: the last label if it reaches past it, or else what is
 * not there. */
static TW_COLD enum trowel_status refuse_run(const uint8_t *octets,
	size_t start, size_t bound, size_t limit, size_t *position)
{
	size_t at = start;
	size_t last = start;

	while (at < bound) {
		last = at;
		at += (size_t)octets[at] + 1;
	}
	*position = at > bound ? last : bound;
	return bound == limit ? TROWEL_CUT_SHORT : TROWEL_NAME_TOO_LONG;
}

/* The run of labels at tail->at, up to the octet that ends it; at an error, to
 * the one at fault. */
static enum trowel_status pass_labels(struct tw_names *names, struct tail *tail)
{
	const uint8_t *octets = names->octets;
	size_t start = tail->at;
	size_t at = start;
	size_t room = TROWEL_NAME_MAX - tail->length;
	size_t bound = names->length - at < room ? names->length : at + room;
	uint32_t labels = 0;

	while (at < bound && tw_is_label(octets[at])) {
		at += (size_t)octets[at] + 1;
		labels++;
	}
	if (names->steps <= labels) {
		names->steps = 0;
		return TROWEL_TOO_MANY_POINTERS;
	}
	names->steps -= labels + 1;
	tail->length += at - start;
	tail->at = at;
	if (at >= bound)
		return refuse_run(
			octets, start, bound, names->length, &tail->at);
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
	size_t slot;

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
		slot = tail->at % TW_MEMO_SIZE;
		if (names->offsets[slot] == tail->at) {
			tail->length += names->lengths[slot];
			tail->pointers += names->pointers[slot];
			return TROWEL_OK;
		}
	}
}

/* Puts a name of `length` octets in the memo. */
static inline void remember(
	struct tw_names *names, size_t start, size_t length, size_t pointers)
{
	size_t slot = start % TW_MEMO_SIZE;

	names->offsets[slot] = (uint16_t)start;
	names->lengths[slot] = (uint8_t)length;
	names->pointers[slot] = (uint8_t)pointers;
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

/* Ends the name from `start` with the pointer at *position, to a target that
 * is in the memo. A lone pointer need not be there itself. */
static inline enum trowel_status end_name(
	struct tw_names *names, size_t start, size_t target, size_t *position)
{
	size_t slot = target % TW_MEMO_SIZE;
	size_t labels = *position - start;
	size_t length = labels + names->lengths[slot];
	size_t pointers = (size_t)names->pointers[slot] + 1;

	if (length > TROWEL_NAME_MAX)
		return TROWEL_NAME_TOO_LONG;
	*position += 2;
	if (labels > 0 && pointers < TROWEL_POINTERS_MAX)
		remember(names, start, length, pointers);
	return TROWEL_OK;
}

/* What learn() does, where the target is labels up to the root, as it mostly
 * is. False: it is not such. */
static inline bool learn_plainly(struct tw_names *names, size_t target)
{
	const uint8_t *octets = names->octets;
	size_t bound = names->length - target < TROWEL_NAME_MAX
		? names->length
		: target + TROWEL_NAME_MAX;
	size_t at = target;
	uint32_t labels = 0;

	while (at < bound && tw_is_label(octets[at])) {
		at += (size_t)octets[at] + 1;
		labels++;
	}
	if (at >= bound || octets[at] != 0 || names->steps <= labels)
		return false;
	names->steps -= labels + 1;
	remember(names, target, at + 1 - target, 0);
	return true;
}

static TW_APART enum trowel_status learn_and_end(
	struct tw_names *names, size_t start, size_t target, size_t *position)
{
	enum trowel_status status = learn(names, target, position);

	return status == TROWEL_OK ? end_name(names, start, target, position)
				   : status;
}

/* A pointer to what is not in the memo yet. */
static TW_APART enum trowel_status check_new_pointer(
	struct tw_names *names, size_t start, size_t target, size_t *position)
{
	if (learn_plainly(names, target))
		return end_name(names, start, target, position);
	return learn_and_end(names, start, target, position);
}

/* The pointer at *position, behind a run of labels from `start`. */
static inline enum trowel_status check_pointer(
	struct tw_names *names, size_t limit, size_t start, size_t *position)
{
	size_t at = *position;
	enum trowel_status status;
	size_t target;

	if (names->octets[at] < TW_POINTER)
		return TROWEL_BAD_LABEL_TYPE;
	if (limit - at < 2)
		return TROWEL_CUT_SHORT;
	target = tw_target_at(names->octets, at);
	status = check_target(target, start);
	if (status != TROWEL_OK)
		return status;
	if (names->offsets[target % TW_MEMO_SIZE] != target)
		return check_new_pointer(names, start, target, position);
	return end_name(names, start, target, position);
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

	while (at < bound && tw_is_label(octets[at]))
		at += (size_t)octets[at] + 1;
	*position = at;
	if (at >= bound)
		return refuse_run(octets, start, bound, limit, position);
	if (octets[at] != 0)
		return check_pointer(names, limit, start, position);
	*position = at + 1;
	if (at > start)
		remember(names, start, at + 1 - start, 0);
	return TROWEL_OK;
}

static inline bool is_label_equal(
	const uint8_t *a, const uint8_t *b, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (a[i] != b[i] && tw_lower(a[i]) != tw_lower(b[i]))
			return false;
	return true;
}

/* Follows all the pointers that a name begins with. */
static inline size_t follow_pointers(
	const uint8_t *octets, size_t length, size_t at, uint32_t *steps)
{
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

static void take(uint32_t *steps, uint32_t count)
{
	*steps = *steps > count ? *steps - count : 1;
}

bool tw_name_is_equal_at(const uint8_t *octets, size_t length, size_t a,
	size_t b, uint32_t *steps)
{
	uint32_t left = *steps;
	bool is_equal = false;

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

/* The name at `at` by octets: the whole rule. */
static TW_COLD size_t expand(const struct trowel_message *message, size_t at,
	struct trowel_name *name)
{
	const uint8_t *octets = message->octets;
	size_t length = message->length;
	size_t run = at;
	size_t used = 0;

	/* A label or a pointer a turn; each run is before the last. */
	while (at < length && used < TROWEL_NAME_MAX) {
		size_t count = octets[at];

		if (count >= TW_POINTER) {
			if (length - at < 2 || tw_target_at(octets, at) >= run)
				break;
			run = tw_target_at(octets, at);
			at = run;
			continue;
		}
		if (count >= TW_LABEL_END || length - at <= count ||
			TROWEL_NAME_MAX - used <= count)
			break;
		for (size_t i = 0; i <= count; i++)
			name->octets[used + i] = octets[at + i];
		used += count + 1;
		at += count + 1;
		if (count == 0) {
			name->length = (uint8_t)used;
			return used;
		}
	}
	name->octets[0] = 0;
	name->length = 1;
	return 1;
}

size_t trowel_message_name(const struct trowel_message *message,
	uint16_t offset, struct trowel_name *name)
{
	const uint8_t *octets = message->octets;
	size_t run = offset;
	size_t used = 0;

	if (run < message->length && octets[run] == 0) {
		name->octets[0] = 0;
		name->length = 1;
		return 1;
	}
	/* A run of labels a turn, copied by chunks: of octets that there are, to
	 * where there is room. What comes near an end is left to expand(). */
	for (;;) {
		size_t end = message->length;
		size_t at = run;

		if (end > run + TROWEL_NAME_MAX - used)
			end = run + TROWEL_NAME_MAX - used;
		end = end > TW_CHUNK ? end - TW_CHUNK : 0;
		while (at < end && tw_is_label(octets[at]))
			at += (size_t)octets[at] + 1;
		if (at >= end)
			return expand(message, offset, name);
		for (size_t i = 0; i <= at - run; i += TW_CHUNK)
			tw_copy_chunk(
				name->octets + used + i, octets + run + i);
		used += at - run;
		if (octets[at] == 0) {
			name->length = (uint8_t)(used + 1);
			return used + 1;
		}
		if (octets[at] < TW_POINTER || tw_target_at(octets, at) >= run)
			return expand(message, offset, name);
		run = tw_target_at(octets, at);
	}
}
