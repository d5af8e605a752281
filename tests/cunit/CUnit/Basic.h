/* SPDX-License-Identifier: MIT */
/* The part of the stand-in for CUnit that runs the tests. */
#ifndef STAND_IN_BASIC_H
#define STAND_IN_BASIC_H

#include <CUnit/CUnit.h>

#define CU_BRM_VERBOSE 2

void CU_basic_set_mode(int mode);
int CU_basic_run_tests(void);

#endif
