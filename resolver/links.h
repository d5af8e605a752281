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

static inline void tw_links_init(struct tw_links *links)
{
	links->next = links;
	links->previous = links;
}

static inline bool tw_links_is_alone(const struct tw_links *links)
{
	return links->next == links;
}

/* Takes it out of its ring. It may be alone. */
static inline void tw_links_remove(struct tw_links *links)
{
	links->previous->next = links->next;
	links->next->previous = links->previous;
	tw_links_init(links);
}

/* Puts it at the end of a ring. */
static inline void tw_links_add(struct tw_links *head, struct tw_links *links)
{
	links->next = head;
	links->previous = head->previous;
	head->previous->next = links;
	head->previous = links;
}

#endif
