/* SPDX-License-Identifier: MIT */
/* The stand-in for CUnit: one suite of tests, run in the order they came in. */
#include <CUnit/Basic.h>
#include <setjmp.h>
#include <stdio.h>

#define TESTS_MAX 256

static struct stand_in_test tests[TESTS_MAX];
static size_t count;
static const struct stand_in_test *current;
static unsigned failures, tests_failed;
static jmp_buf after_fatal;

static void run_one(const struct stand_in_test *test);

int CU_initialize_registry(void)
{
	count = 0;
	failures = tests_failed = 0;
	return CUE_SUCCESS;
}

CU_pSuite CU_add_suite(
	const char *name, int (*start)(void), int (*finish)(void))
{
	(void)start;
	(void)finish;
	return name;
}

CU_pTest CU_add_test(CU_pSuite suite, const char *name, void (*run)(void))
{
	(void)suite;
	if (count == TESTS_MAX)
		return NULL;
	tests[count] = (struct stand_in_test){ name, run };
	return &tests[count++];
}

const char *CU_get_error_msg(void)
{
	return "too many tests";
}

void CU_basic_set_mode(int mode)
{
	(void)mode;
}

int CU_basic_run_tests(void)
{
	for (size_t i = 0; i < count; i++)
		run_one(&tests[i]);
	return CUE_SUCCESS;
}

static void run_one(const struct stand_in_test *test)
{
	unsigned before = failures;

	current = test;
	printf("  Test: %s ...", test->pName);
	if (setjmp(after_fatal) == 0)
		test->run();
	printf(failures == before ? "passed\n" : "FAILED\n");
	tests_failed += failures > before;
}

CU_pTest CU_get_current_test(void)
{
	return current;
}

CU_BOOL CU_assertImplementation(CU_BOOL holds, unsigned line,
	const char *condition, const char *file, const char *function,
	CU_BOOL is_fatal)
{
	(void)function;
	if (holds)
		return CU_TRUE;
	failures++;
	printf("\n    %s:%u: %s ", file, line, condition);
	if (is_fatal)
		longjmp(after_fatal, 1);
	return CU_FALSE;
}

unsigned CU_get_number_of_tests_run(void)
{
	return (unsigned)count;
}

unsigned CU_get_number_of_tests_failed(void)
{
	return tests_failed;
}

unsigned CU_get_number_of_failures(void)
{
	return failures;
}

void CU_cleanup_registry(void)
{
	count = 0;
}
