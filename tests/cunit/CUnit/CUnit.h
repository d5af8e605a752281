/* SPDX-License-Identifier: MIT */
/*
 * As much of CUnit's interface as the tests use, for machines that they are
 * cross-compiled for and that have no package of it: tests/platforms.sh builds
 * it. Everybody else's tests link CUnit itself.
 */
#ifndef STAND_IN_CUNIT_H
#define STAND_IN_CUNIT_H

#include <stddef.h>
#include <string.h>

#define CU_FALSE 0
#define CU_TRUE 1
#define CUE_SUCCESS 0

struct stand_in_test {
	const char *pName;
	void (*run)(void);
};
typedef const struct stand_in_test *CU_pTest;
typedef const char *CU_pSuite;
typedef int CU_BOOL;

int CU_initialize_registry(void);
void CU_cleanup_registry(void);
const char *CU_get_error_msg(void);
CU_pSuite CU_add_suite(
	const char *name, int (*start)(void), int (*finish)(void));
CU_pTest CU_add_test(CU_pSuite suite, const char *name, void (*run)(void));
CU_pTest CU_get_current_test(void);
unsigned CU_get_number_of_tests_run(void);
unsigned CU_get_number_of_tests_failed(void);
unsigned CU_get_number_of_failures(void);

/* Says and counts what does not hold; a fatal one ends the test. */
CU_BOOL CU_assertImplementation(CU_BOOL holds, unsigned line,
	const char *condition, const char *file, const char *function,
	CU_BOOL is_fatal);

/* Blocks, as CUnit's are: the tests write some without a semicolon. */
#define STAND_IN(holds, text, is_fatal) \
	{ \
		CU_assertImplementation((holds) ? CU_TRUE : CU_FALSE, \
			__LINE__, text, __FILE__, "", is_fatal); \
	}

#define CU_FAIL(text) STAND_IN(CU_FALSE, text, CU_FALSE)
#define CU_FAIL_FATAL(text) STAND_IN(CU_FALSE, text, CU_TRUE)
#define CU_ASSERT(value) STAND_IN(value, #value, CU_FALSE)
#define CU_ASSERT_FATAL(value) STAND_IN(value, #value, CU_TRUE)
#define CU_ASSERT_TRUE(value) STAND_IN(value, #value, CU_FALSE)
#define CU_ASSERT_TRUE_FATAL(value) STAND_IN(value, #value, CU_TRUE)
#define CU_ASSERT_FALSE_FATAL(value) STAND_IN(!(value), "not " #value, CU_TRUE)
#define CU_ASSERT_FALSE(value) STAND_IN(!(value), "not " #value, CU_FALSE)
#define CU_ASSERT_EQUAL(is, due) \
	STAND_IN((is) == (due), #is " == " #due, CU_FALSE)
#define CU_ASSERT_EQUAL_FATAL(is, due) \
	STAND_IN((is) == (due), #is " == " #due, CU_TRUE)
#define CU_ASSERT_NOT_EQUAL(is, other) \
	STAND_IN((is) != (other), #is " != " #other, CU_FALSE)
#define CU_ASSERT_PTR_EQUAL(is, due) \
	STAND_IN((const void *)(is) == (const void *)(due), #is " == " #due, \
		CU_FALSE)
#define CU_ASSERT_PTR_NULL(value) \
	STAND_IN((value) == NULL, #value " == NULL", CU_FALSE)
#define CU_ASSERT_PTR_NOT_NULL(value) \
	STAND_IN((value) != NULL, #value " != NULL", CU_FALSE)
#define CU_ASSERT_PTR_NOT_NULL_FATAL(value) \
	STAND_IN((value) != NULL, #value " != NULL", CU_TRUE)
#define CU_ASSERT_STRING_EQUAL(is, due) \
	STAND_IN(strcmp(is, due) == 0, #is " is " #due, CU_FALSE)
#define CU_ASSERT_STRING_EQUAL_FATAL(is, due) \
	STAND_IN(strcmp(is, due) == 0, #is " is " #due, CU_TRUE)
#define CU_ASSERT_STRING_NOT_EQUAL(is, other) \
	STAND_IN(strcmp(is, other) != 0, #is " is not " #other, CU_FALSE)

#endif
