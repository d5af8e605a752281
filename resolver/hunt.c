/* SPDX-License-Identifier: MIT */
#include "resolver/hunt.h"

#include <stdlib.h>
#include <string.h>

#include "resolver/file.h"
#include "resolver/host.h"
#include "resolver/hosts.h"
#include "resolver/list.h"
#include "resolver/outcome.h"
#include "resolver/transport.h"

#define TYPE_A 1
#define EARLY_US 50000 /* RFC 8305 3: Resolution Delay */
#define PATIENCE_US 2000000

static void child_ended(struct tw_job *job, struct tw_job *child);
static void tick(struct tw_job *job, uint64_t now_us);
static void release(struct tw_job *job);
static bool start_next(struct tw_hunt *hunt);
static void start_candidate(struct tw_hunt *hunt);
static void look_into_hosts(struct tw_hunt *hunt, const char *path);
static void ask(struct tw_hunt *hunt);
static struct tw_side *find_waiting(struct tw_hunt *hunt);
static void settle(struct tw_hunt *hunt);
static void give_up(struct tw_hunt *hunt);
static struct trowel_list *make_list(struct tw_hunt *hunt);
static enum trowel_status status_of(const struct tw_side *side);
static enum trowel_status merge(const struct tw_side sides[2]);
static void keep_better(struct tw_hunt *hunt, struct trowel_list *list);
static void end(struct tw_hunt *hunt);

struct tw_hunt *tw_hunt_new(struct trowel *t, struct tw_job *parent,
	const struct trowel_request *request)
{
	struct tw_job *job = tw_job_new(t, parent, request->ask,
		sizeof(struct tw_hunt), offsetof(struct tw_hunt, job));
	struct tw_hunt *hunt;

	if (job == NULL)
		return NULL;
	hunt = TW_OWNER(job, struct tw_hunt, job);
	job->kind = (struct tw_job_kind){ child_ended, tick, release };
	job->ask.class_code = 0; /* hosts' addresses are in class IN */
	hunt->flags = request->flags;
	hunt->failure = TROWEL_NO_SUCH_NAME;
	hunt->name.length = 1;
	return hunt;
}

void tw_hunt_advance(struct tw_hunt *hunt)
{
	do {
		ask(hunt);
		if (find_waiting(hunt) != NULL)
			return;
		if (hunt->asks)
			settle(hunt);
	} while (start_next(hunt));
	end(hunt);
}

void tw_hunt_give(struct tw_hunt *hunt, const struct trowel_address *addresses,
	size_t count)
{
	struct trowel_list *list = tw_list_new(TROWEL_OK, count, 0);

	hunt->failure = TROWEL_NO_MEMORY;
	if (list != NULL) {
		memcpy(list->addresses, addresses, count * sizeof(*addresses));
		list->name = hunt->name;
		tw_list_finish(list, hunt->flags, hunt->port);
		keep_better(hunt, list);
	}
	end(hunt);
}

static void child_ended(struct tw_job *job, struct tw_job *child)
{
	struct tw_hunt *hunt = TW_OWNER(job, struct tw_hunt, job);
	struct tw_side *side = &hunt->sides[child == hunt->sides[1].job];
	uint64_t now_us = tw_clock_us();
	uint64_t patience_us = (now_us - hunt->start_us) * 4;
	enum trowel_status status;

	side->job = NULL;
	side->status = child->status;
	side->answer = child->answer;
	child->answer = NULL;
	status = status_of(side);
	if (patience_us < PATIENCE_US)
		patience_us = PATIENCE_US;
	if (status == TROWEL_OK && (hunt->flags & TROWEL_EARLY))
		patience_us = EARLY_US;
	if (status == TROWEL_OK || status == TROWEL_NO_SUCH_NAME)
		tw_job_wait(job, now_us + patience_us);
	tw_hunt_advance(hunt);
}

/* The other side has had its time; what it ended with is on its way. */
static void tick(struct tw_job *job, uint64_t now_us)
{
	struct tw_hunt *hunt = TW_OWNER(job, struct tw_hunt, job);
	struct tw_side *side = find_waiting(hunt);

	(void)now_us;
	if (side == NULL || side->job->ended)
		return;
	tw_job_cancel(side->job);
	side->job = NULL;
	side->status = TROWEL_TIMED_OUT;
	hunt->missing = side->type == TYPE_A ? 4 : 6;
	tw_hunt_advance(hunt);
}

static void release(struct tw_job *job)
{
	struct tw_hunt *hunt = TW_OWNER(job, struct tw_hunt, job);

	trowel_answer_free(hunt->sides[0].answer);
	trowel_answer_free(hunt->sides[1].answer);
}

/* False where there is nothing left to do. */
static bool start_next(struct tw_hunt *hunt)
{
	const struct trowel_options *options = tw_options(hunt->job.t);

	hunt->asks = false;
	for (; hunt->source < 2; hunt->source++) {
		if (hunt->job.list != NULL &&
			hunt->job.list->status == TROWEL_OK)
			return false;
		if (options->sources[hunt->source] == TROWEL_SOURCE_FILES)
			look_into_hosts(hunt, options->hosts);
		if (options->sources[hunt->source] == TROWEL_SOURCE_DNS &&
			tw_search_next(&hunt->search, &hunt->name, options,
				&hunt->candidate)) {
			start_candidate(hunt);
			return true;
		}
	}
	return false;
}

static void start_candidate(struct tw_hunt *hunt)
{
	hunt->asks = true;
	hunt->missing = 0;
	hunt->start_us = tw_clock_us();
	tw_job_wait(&hunt->job, TW_NEVER);
	for (size_t i = 0; i < 2; i++) {
		hunt->sides[i].due = hunt->sides[i].type != 0;
		hunt->sides[i].status = TROWEL_NO_DATA;
	}
}

/* A file that cannot be read says nothing. */
static void look_into_hosts(struct tw_hunt *hunt, const char *path)
{
	const struct trowel_name *name = &hunt->name;
	struct trowel_list *list = NULL;
	enum trowel_status status;
	size_t length;
	size_t count;
	char *text;

	if (path == NULL)
		return;
	status = tw_file_read(path, TW_HOSTS_MAX, &text, &length);
	count = tw_hosts_find(text, length, name, NULL, 0, NULL);
	if (count > 0)
		list = tw_list_new(TROWEL_OK, count, 0);
	if (list != NULL) {
		tw_hosts_find(text, length, name, list->addresses, count,
			&list->name);
		tw_list_finish(list, hunt->flags, hunt->port);
	}
	free(text);
	if (status == TROWEL_NO_MEMORY || (count > 0 && list == NULL))
		give_up(hunt);
	else if (list != NULL && list->status == TROWEL_OK)
		keep_better(hunt, list);
	else
		trowel_list_free(list);
}

/* Both sides at once, but where resolv.conf has `single-request`. */
static void ask(struct tw_hunt *hunt)
{
	bool single =
		(tw_options(hunt->job.t)->flags & TROWEL_SINGLE_REQUEST) != 0;

	for (size_t i = 0; i < 2; i++) {
		struct tw_side *side = &hunt->sides[i];

		if (!side->due || (single && find_waiting(hunt) != NULL))
			continue;
		side->due = false;
		side->status = tw_lookup_start(hunt->job.t, &hunt->job, NULL,
			&hunt->candidate, side->type, &side->job);
		if (side->status != TROWEL_OK)
			side->job = NULL;
	}
}

static struct tw_side *find_waiting(struct tw_hunt *hunt)
{
	for (size_t i = 0; i < 2; i++)
		if (hunt->sides[i].job != NULL)
			return &hunt->sides[i];
	return NULL;
}

/* What the candidate came to. */
static void settle(struct tw_hunt *hunt)
{
	struct trowel_list *list = make_list(hunt);

	if (list == NULL) {
		give_up(hunt);
		return;
	}
	if (tw_outcome_rank(list->status) > tw_outcome_rank(TROWEL_NO_DATA))
		hunt->source++;
	keep_better(hunt, list);
}

/* There is no memory. */
static void give_up(struct tw_hunt *hunt)
{
	trowel_list_free(hunt->job.list);
	hunt->job.list = NULL;
	hunt->failure = TROWEL_NO_MEMORY;
	hunt->source = 2;
}

/* Takes over the sides' answers. NULL: no memory. */
static struct trowel_list *make_list(struct tw_hunt *hunt)
{
	size_t counts[2] = { 0, 0 };
	struct trowel_list *list;

	for (size_t i = 0; i < 2; i++)
		if (status_of(&hunt->sides[i]) == TROWEL_OK)
			counts[i] = tw_outcome_addresses(
				hunt->sides[i].answer, NULL);
	list = tw_list_new(merge(hunt->sides), counts[0] + counts[1], 0);
	if (list == NULL)
		return NULL;
	list->name = hunt->candidate;
	list->missing = hunt->missing;
	list->ipv6 = hunt->sides[0].answer;
	list->ipv4 = hunt->sides[1].answer;
	for (size_t i = 0; i < 2; i++) {
		const struct trowel_answer *answer = hunt->sides[i].answer;
		bool first = i == 0 || counts[0] == 0;

		hunt->sides[i].answer = NULL;
		if (counts[i] == 0)
			continue;
		tw_outcome_addresses(
			answer, list->addresses + (first ? 0 : counts[0]));
		if (first || answer->ttl_s < list->ttl_s)
			list->ttl_s = answer->ttl_s;
		if (first && tw_host_is_good(&answer->name))
			list->name = answer->name;
	}
	tw_list_finish(list, hunt->flags, hunt->port);
	return list;
}

static enum trowel_status status_of(const struct tw_side *side)
{
	return tw_outcome(side->status, side->answer);
}

/* Of both sides: what one has is the result. NXDOMAIN is of the name, and
 * therefore of both; NODATA tells nothing about the other. */
static enum trowel_status merge(const struct tw_side sides[2])
{
	enum trowel_status ipv6 = status_of(&sides[0]);
	enum trowel_status ipv4 = status_of(&sides[1]);

	if (ipv6 == TROWEL_OK || ipv4 == TROWEL_OK)
		return TROWEL_OK;
	if (ipv6 == TROWEL_NO_SUCH_NAME || ipv4 == TROWEL_NO_SUCH_NAME)
		return TROWEL_NO_SUCH_NAME;
	if (ipv6 == TROWEL_NO_DATA)
		return ipv4;
	if (ipv4 == TROWEL_NO_DATA ||
		tw_outcome_rank(ipv4) <= tw_outcome_rank(ipv6))
		return ipv6;
	return ipv4;
}

/* The list of the better outcome stays; of two alike, the first. */
static void keep_better(struct tw_hunt *hunt, struct trowel_list *list)
{
	struct trowel_list *kept = hunt->job.list;

	if (kept != NULL &&
		tw_outcome_rank(list->status) <=
			tw_outcome_rank(kept->status)) {
		trowel_list_free(list);
		return;
	}
	trowel_list_free(kept);
	hunt->job.list = list;
}

static void end(struct tw_hunt *hunt)
{
	struct tw_job *job = &hunt->job;

	if (job->list != NULL) {
		hunt->failure = job->list->status;
		if (hunt->flags & TROWEL_ADDRINFO)
			job->list = tw_list_add_addrinfo(job->list);
		if (job->list == NULL)
			hunt->failure = TROWEL_NO_MEMORY;
	}
	tw_job_end(job, hunt->failure);
}
