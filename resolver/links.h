/* SPDX-License-Identifier: MIT */
/* Rings of things that know their neighbours. */
#ifndef TW_LINKS_H
#define TW_LINKS_H

#include <stdbool.h>
#include <stddef.h>

/* In a thing: its place in a ring, or alone. Without one: the ring's head. */
struct tw_links {
	struct tw_links *next;
	struct tw_links *previous;
};

/* The thing that a member lies in. */
#define TW_OWNER(links, type, member) \
	((type *)(void *)((char *)(links)-offsetof(type, member)))

void tw_links_init(struct tw_links *links);

static inline bool tw_links_is_alone(const struct tw_links *links)
{
	return links->next == links;
}

/* Takes it out of its ring. It may be alone. */
void tw_links_remove(struct tw_links *links);

/* Takes it out of its ring, if it is in one, to the end of another. */
void tw_links_move(struct tw_links *head, struct tw_links *links);

#endif
