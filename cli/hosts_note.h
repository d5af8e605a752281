/* SPDX-License-Identifier: MIT */
/* Names that programs on this host find in /etc/hosts, and not in the DNS. */
#ifndef TW_HOSTS_NOTE_H
#define TW_HOSTS_NOTE_H

#include <stddef.h>

#include <trowel/wire.h>

/* Writes the address that /etc/hosts has for a name. False where it has none,
 * in its first 256 KiB. */
bool tw_hosts_note_find(
	const struct trowel_name *name, char *address, size_t size);

#endif
