/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "resolver/random.h"
#include "tests/check.h"

/* Stands in for the C library's: as the kernel, or as the case has it. */
static enum mode { KERNEL, INTERRUPTED, SHORT, ABSENT, FAILING } mode;
static unsigned calls;

ssize_t getrandom(void *octets, size_t length, unsigned flags);

ssize_t getrandom(void *octets, size_t length, unsigned flags)
{
	FILE *file;

	(void)flags;
	calls++;
	if (mode == INTERRUPTED && calls % 2 == 1) {
		errno = EINTR;
		return -1;
	}
	if (mode == ABSENT || mode == FAILING) {
		errno = mode == ABSENT ? ENOSYS : EIO;
		return -1;
	}
	if (mode == SHORT && length > 7)
		length = 7;
	file = fopen("/dev/urandom", "re");
	length = fread(octets, 1, length, file);
	fclose(file);
	return (ssize_t)length;
}

static enum trowel_status fill(enum mode how, uint8_t *octets, size_t length)
{
	mode = how;
	calls = 0;
	return tw_random_fill(octets, length);
}

/* That every octet of a block is written to: none is 0 in ten tries. */
static int is_filled(enum mode how)
{
	uint8_t octets[100];
	uint8_t seen[100] = { 0 };

	for (int i = 0; i < 10; i++) {
		memset(octets, 0, sizeof(octets));
		if (fill(how, octets, sizeof(octets)) != TROWEL_OK)
			return 0;
		for (size_t j = 0; j < sizeof(octets); j++)
			seen[j] |= octets[j];
	}
	return memchr(seen, 0, sizeof(seen)) == NULL;
}

static void kernel_fills_the_whole_block(void)
{
	CU_ASSERT(is_filled(KERNEL));
	CU_ASSERT_EQUAL(fill(KERNEL, NULL, 0), TROWEL_OK);
}

static void signal_does_not_stop_it(void)
{
	CU_ASSERT(is_filled(INTERRUPTED));
}

static void short_reads_are_gone_on_with(void)
{
	if (check_lacks_getrandom())
		return;
	CU_ASSERT(is_filled(SHORT));
	CU_ASSERT_EQUAL(calls, 15);
}

static void file_stands_in_for_a_kernel_without_the_call(void)
{
	int before = dup(0);
	int after;

	close(before);
	CU_ASSERT(is_filled(ABSENT));
	after = dup(0);
	close(after);
	CU_ASSERT_EQUAL(before, after); /* no descriptor is lost */
}

static void failure_of_the_kernel_is_an_error(void)
{
	uint8_t octets[16];

	if (check_lacks_getrandom())
		return;
	CU_ASSERT_EQUAL(fill(FAILING, octets, 16), TROWEL_NO_RANDOM);
}

static void nothing_stands_in_for_call_and_file(void)
{
	rlim_t before = check_limit_descriptors(0);
	uint8_t octets[16];
	enum trowel_status status = fill(ABSENT, octets, 16);

	check_limit_descriptors(before);
	CU_ASSERT_EQUAL(status, TROWEL_NO_RANDOM);
}

static void a_fork_gives_two_different_streams(void)
{
	uint8_t mine[16];
	uint8_t theirs[16];
	int ends[2];
	pid_t child;

	mode = KERNEL;
	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		tw_random_fill(theirs, sizeof(theirs));
		_exit(write(ends[1], theirs, sizeof(theirs)) != 16);
	}
	tw_random_fill(mine, sizeof(mine));
	CU_ASSERT_EQUAL(read(ends[0], theirs, sizeof(theirs)), 16);
	CU_ASSERT_NOT_EQUAL(memcmp(mine, theirs, sizeof(mine)), 0);
	waitpid(child, NULL, 0);
	close(ends[0]);
	close(ends[1]);
}

/* 2^20 ids in 256 bins by either octet: 255 degrees of freedom, and a bound
 * that good randomness passes in all but 1 of 10^9 runs. */
static void ids_are_spread_evenly(void)
{
	static uint8_t ids[1 << 21];
	double chi[2] = { 0, 0 };
	unsigned bins[2][256] = { { 0 } };
	double expected = sizeof(ids) / 2 / 256.0;

	CU_ASSERT_EQUAL(fill(KERNEL, ids, sizeof(ids)), TROWEL_OK);
	for (size_t i = 0; i < sizeof(ids); i++)
		bins[i % 2][ids[i]]++;
	for (size_t i = 0; i < 512; i++) {
		double off = bins[i % 2][i / 2] - expected;

		chi[i % 2] += off * off / expected;
	}
	CU_ASSERT(chi[0] < 410 && chi[0] > 140);
	CU_ASSERT(chi[1] < 410 && chi[1] > 140);
}

/* 2^20 ids, each beside the next: what chance leaves of a correlation is below
 * 6 / 2^10 in all but 1 of 10^8 runs. */
static void ids_do_not_follow_from_those_before(void)
{
	static uint8_t ids[1 << 21];
	size_t count = sizeof(ids) / 2;
	double sum = 0;
	double squares = 0;
	double products = 0;
	double last = 0;

	CU_ASSERT_EQUAL(fill(KERNEL, ids, sizeof(ids)), TROWEL_OK);
	for (size_t i = 0; i < count; i++) {
		double id = ids[2 * i] * 256.0 + ids[2 * i + 1] - 32767.5;

		sum += id;
		squares += id * id;
		products += id * last;
		last = id;
	}
	CU_ASSERT(products / squares < 6.0 / 1024);
	CU_ASSERT(products / squares > -6.0 / 1024);
	CU_ASSERT(sum * sum < squares * 36); /* and none is favoured */
}

static const struct check_case cases[] = {
	CHECK_CASE(kernel_fills_the_whole_block),
	CHECK_CASE(signal_does_not_stop_it),
	CHECK_CASE(short_reads_are_gone_on_with),
	CHECK_CASE(file_stands_in_for_a_kernel_without_the_call),
	CHECK_CASE(failure_of_the_kernel_is_an_error),
	CHECK_CASE(nothing_stands_in_for_call_and_file),
	CHECK_CASE(a_fork_gives_two_different_streams),
	CHECK_CASE(ids_are_spread_evenly),
	CHECK_CASE(ids_do_not_follow_from_those_before),
};

int main(int argc, char **argv)
{
	return check_main(argc, argv, cases, CHECK_COUNT(cases));
}
