/* SPDX-License-Identifier: MIT */
/* The clock that nobody sets. */
#ifndef TW_CLOCK_H
#define TW_CLOCK_H

#include <stdint.h>

uint64_t tw_monotonic_us(void);

#endif
