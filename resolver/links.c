/* SPDX-License-Identifier: MIT */
#include "resolver/links.h"

void tw_links_init(struct tw_links *links)
{
	links->next = links;
	links->previous = links;
}

void tw_links_remove(struct tw_links *links)
{
	links->previous->next = links->next;
	links->next->previous = links->previous;
	tw_links_init(links);
}

void tw_links_move(struct tw_links *head, struct tw_links *links)
{
	tw_links_remove(links);
	links->next = head;
	links->previous = head->previous;
	head->previous->next = links;
	head->previous = links;
}
