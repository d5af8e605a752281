/* SPDX-License-Identifier: MIT */
#include "forge.h"

#include <string.h>

void forge_put8(struct forge *forge, size_t value)
{
	forge->octets[forge->at++] = (uint8_t)value;
}

void forge_put16(struct forge *forge, size_t value)
{
	forge_put8(forge, value / 256);
	forge_put8(forge, value % 256);
}

void forge_put_pointer(struct forge *forge, size_t target)
{
	forge_put16(forge, 0xC000 + target);
}

void forge_put_label(struct forge *forge, const char *label)
{
	forge_put8(forge, strlen(label));
	while (*label != '\0')
		forge_put8(forge, (uint8_t)*label++);
}

size_t forge_left(const struct forge *forge)
{
	return forge->size - forge->at;
}

uint32_t forge_any(struct forge *forge, uint32_t below)
{
	forge->seed = forge->seed * 1664525 + 1013904223;
	return (forge->seed >> 8) % below;
}

/* The header, and the name that is asked for comes next. */
struct forge forge_begin(uint8_t *octets, size_t size, uint32_t seed)
{
	struct forge forge = { octets, size, 12, 0, 0, seed };

	memset(octets, 0, 12);
	octets[2] = 0x81;
	octets[3] = 0x80;
	octets[5] = 1;
	return forge;
}

void forge_end_question(struct forge *forge)
{
	forge_put16(forge, A);
	forge_put16(forge, 1);
}

/* Behind an owner; returns where the RDATA begins. */
size_t forge_begin_rdata(struct forge *forge, unsigned type)
{
	forge_put16(forge, type);
	forge_put16(forge, 1);
	forge_put16(forge, 0);
	forge_put16(forge, 300);
	forge_put16(forge, 0);
	return forge->at;
}

void forge_end_rdata(struct forge *forge, size_t start)
{
	size_t length = forge->at - start;

	forge->octets[start - 2] = (uint8_t)(length / 256);
	forge->octets[start - 1] = (uint8_t)(length % 256);
	forge->records++;
}

void forge_put_address(struct forge *forge)
{
	size_t start = forge_begin_rdata(forge, A);

	forge_put16(forge, 0xC000);
	forge_put16(forge, 0x0200 + forge->records % 256);
	forge_end_rdata(forge, start);
}

size_t forge_finish(struct forge *forge)
{
	forge->octets[6] = (uint8_t)(forge->records / 256);
	forge->octets[7] = (uint8_t)(forge->records % 256);
	forge->octets[11] = (uint8_t)forge->additional;
	return forge->at;
}

/* "www.example.com" and the end of the question. */
void forge_put_question(struct forge *forge)
{
	forge_put_label(forge, "www");
	forge_put_label(forge, "example");
	forge_put_label(forge, "com");
	forge_put8(forge, 0);
	forge_end_question(forge);
}

/* A name of 127 labels, each behind a pointer of its own but for the last.
 * Returns where it begins; its parts are 4 octets apart, the last at `at`. */
size_t forge_put_label_chain(struct forge *forge, char last)
{
	char label[2] = { last, 0 };
	size_t part = forge->at;

	forge_put_label(forge, label);
	forge_put8(forge, 0);
	for (int i = 1; i < 127; i++) {
		size_t start = forge->at;

		forge_put_label(forge, "x");
		forge_put_pointer(forge, part);
		part = start;
	}
	return part;
}
