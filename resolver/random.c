/* SPDX-License-Identifier: MIT */
#include "resolver/random.h"

#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef HAVE_SYS_RANDOM_H
#include <sys/random.h>
#endif

#define FIRST_DRAW 512 /* and then twice as many as before */
#define LARGEST_DRAW 16383

static enum trowel_status draw(struct tw_store *store);
static ssize_t read_kernel(uint8_t *octets, size_t length);
static enum trowel_status fill_from_file(uint8_t *octets, size_t length);

enum trowel_status tw_random_fill(uint8_t *octets, size_t length)
{
	size_t filled = 0;

	while (filled < length) {
		ssize_t got = read_kernel(octets + filled, length - filled);

		if (got > 0)
			filled += (size_t)got;
		else if (got == 0 || errno == ENOSYS)
			/* no such call in this kernel, or in this build */
			return fill_from_file(octets, length);
		else if (errno != EINTR)
			return TROWEL_NO_RANDOM;
	}
	return TROWEL_OK;
}

void tw_store_init(struct tw_store *store, uint8_t *pages)
{
	*store = (struct tw_store){ .pages = pages };
#if defined(COMMAND_ALONE) /* there is no fork */
	store->wiped = true;
#elif HAVE_DECL_MADV_WIPEONFORK
	store->wiped = madvise(pages, TW_STORE_SIZE, MADV_WIPEONFORK) == 0;
#endif
	pages[0] = 1;
	if (!store->wiped)
		store->process = getpid();
}

bool tw_store_is_inherited(struct tw_store *store)
{
	if (store->wiped ? store->pages[0] == 1 : store->process == getpid())
		return false;
	tw_store_init(store, store->pages);
	return true;
}

enum trowel_status tw_store_take(
	struct tw_store *store, uint8_t *octets, size_t length)
{
	if (!store->wiped)
		return tw_random_fill(octets, length);
	if (store->left < length && draw(store) != TROWEL_OK)
		return TROWEL_NO_RANDOM;
	store->left -= length;
	memcpy(octets, store->pages + 1 + store->left, length);
	memset(store->pages + 1 + store->left, 0, length);
	return TROWEL_OK;
}

static enum trowel_status draw(struct tw_store *store)
{
	size_t count = 2 * store->drawn;

	if (store->drawn == 0)
		count = FIRST_DRAW;
	if (count > LARGEST_DRAW)
		count = LARGEST_DRAW;
	store->left = 0;
	if (tw_random_fill(store->pages + 1, count) != TROWEL_OK)
		return TROWEL_NO_RANDOM;
	store->drawn = count;
	store->left = count;
	return TROWEL_OK;
}

/* As getrandom(), or 0 where the system has no such thing. */
static ssize_t read_kernel(uint8_t *octets, size_t length)
{
#ifdef HAVE_GETRANDOM
	return getrandom(octets, length, 0);
#else
	(void)octets;
	(void)length;
	return 0;
#endif
}

/* The file is opened anew each time: a descriptor kept would be a global, and
 * one that others can close or replace (T48). */
static enum trowel_status fill_from_file(uint8_t *octets, size_t length)
{
	size_t filled = 0;
	int fd;

	do
		fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return TROWEL_NO_RANDOM;
	while (filled < length) {
		ssize_t got = read(fd, octets + filled, length - filled);

		if (got > 0)
			filled += (size_t)got;
		else if (got == 0 || errno != EINTR)
			break;
	}
	close(fd);
	return filled == length ? TROWEL_OK : TROWEL_NO_RANDOM;
}
