/* SPDX-License-Identifier: MIT */
/* Gives up what the rest of a lookup does not need. */
#ifndef TW_SANDBOX_H
#define TW_SANDBOX_H

#include <stdbool.h>

/* From now on the process sends, receives, waits and writes to what is open.
 * Where it tries to start another one, or to open a file, the kernel ends it;
 * all else fails. With reads_files, it may open files to read them: more is to
 * come that they are asked about. Where the system has nothing of the kind, and
 * where other code has been loaded into the process (LD_PRELOAD), which may
 * need anything, nothing happens. */
void tw_sandbox_enter(bool reads_files);

#endif
