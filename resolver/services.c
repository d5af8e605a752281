/* SPDX-License-Identifier: MIT */
/*
 * Where a service is to be had, as a job:
 * 1. Its records are asked for: SRV, HTTPS or SVCB.
 * 2. An alias (RFC 9460 2.4.2) leads to another name, and there to 1.; the
 *    target "." ends it: there is no such service.
 * 3. Where there are no records of HTTPS or SVCB, or none can be had, the name
 *    itself is the target (RFC 9460 3).
 * 4. The targets are put in order: by priority; within one, by lot (RFC 2782,
 *    RFC 9460 2.4.1).
 * 5. The addresses of several targets are looked up side by side.
 */
#include <trowel/resolver.h>

#include <stdlib.h>
#include <string.h>

#include "resolver/host.h"
#include "resolver/job.h"
#include "resolver/list.h"
#include "resolver/outcome.h"
#include "resolver/target.h"

#define TYPE_SRV 33
#define TYPE_SVCB 64
#define TYPE_HTTPS 65
#define SIDE_BY_SIDE 8
#define ALIASES_MAX 8

struct services {
	uint16_t type;
	uint16_t port; /* where no record gives one */
	unsigned flags;
	uint8_t aliases; /* followed */
	uint8_t waiting; /* hosts that are being looked up */
	uint8_t next; /* index of the next target to be */
	enum trowel_status failure; /* of the first target */
	struct trowel_answer *answer; /* of the records */
	struct tw_job job;
	struct trowel_name name;
	struct tw_targets targets;
	struct tw_job *hosts[TW_TARGETS_MAX];
	struct trowel_list *lists[TW_TARGETS_MAX];
};

static void child_ended(struct tw_job *job, struct tw_job *child);
static void release(struct tw_job *job);
static void ask(struct services *services);
static void take_records(struct services *services, enum trowel_status status);
static void follow(struct services *services);
static void take_name_itself(struct services *services);
static void look_up_hosts(struct services *services);
static void look_up_host(struct services *services, size_t index);
static void finish(struct services *services, enum trowel_status status);
static void fill_in(struct services *services, struct trowel_list *list);

enum trowel_status trowel_services(struct trowel *t, const char *name,
	uint16_t type, const char *service, const struct trowel_ask *ask,
	struct trowel_list **list)
{
	struct trowel_request request = { .kind = TROWEL_REQUEST_SERVICES,
		.type = type,
		.name = name,
		.service = service,
		.ask = ask };

	return tw_request_run(t, &request, NULL, list);
}

enum trowel_status tw_services_start(struct trowel *t, struct tw_job *parent,
	const struct trowel_request *request, struct tw_job **job)
{
	struct services *services;
	struct trowel_name name;
	uint16_t type = request->type;
	uint16_t port;
	enum trowel_status status = tw_service_port(request->service, &port);

	if (request->name == NULL ||
		(type != TYPE_SRV && type != TYPE_SVCB && type != TYPE_HTTPS))
		status = TROWEL_BAD_ARGUMENT;
	if (status == TROWEL_OK)
		status = tw_host_parse(request->name, &name);
	if (status == TROWEL_OK && tw_host_is_under(&name, "onion"))
		status = TROWEL_NO_SUCH_NAME;
	if (status != TROWEL_OK)
		return status;
	*job = tw_job_new(t, parent, request->ask, sizeof(*services),
		offsetof(struct services, job));
	if (*job == NULL)
		return TROWEL_NO_MEMORY;
	services = TW_OWNER(*job, struct services, job);
	services->job.kind.child_ended = child_ended;
	services->job.kind.release = release;
	services->job.ask.class_code = 0;
	services->type = type;
	services->port = port;
	services->flags = request->flags & ~(unsigned)TROWEL_ADDRINFO;
	services->name = name;
	ask(services);
	return TROWEL_OK;
}

/* While no host is being looked up, it is the records. */
static void child_ended(struct tw_job *job, struct tw_job *child)
{
	struct services *services = TW_OWNER(job, struct services, job);
	size_t i = 0;

	if (services->waiting == 0) {
		trowel_answer_free(services->answer);
		services->answer = child->answer;
		child->answer = NULL;
		take_records(
			services, tw_outcome(child->status, services->answer));
		return;
	}
	while (services->hosts[i] != child)
		i++;
	services->hosts[i] = NULL;
	services->lists[i] = child->list;
	child->list = NULL;
	services->waiting--;
	if (i == 0)
		services->failure = child->status;
	look_up_hosts(services);
}

static void release(struct tw_job *job)
{
	struct services *services = TW_OWNER(job, struct services, job);

	trowel_answer_free(services->answer);
	for (size_t i = 0; i < TW_TARGETS_MAX; i++)
		trowel_list_free(services->lists[i]);
}

static void ask(struct services *services)
{
	struct tw_job *child;
	enum trowel_status status;

	/* RFC 6761 6.3: it has no records. */
	if (tw_host_is_under(&services->name, "localhost")) {
		take_records(services, TROWEL_NO_DATA);
		return;
	}
	status = tw_lookup_start(services->job.t, &services->job, NULL,
		&services->name, services->type, &child);
	if (status != TROWEL_OK)
		finish(services, status);
}

static void take_records(struct services *services, enum trowel_status status)
{
	struct tw_targets *targets = &services->targets;
	uint32_t lot;

	if (status == TROWEL_OK)
		tw_targets_read(targets, services->answer, services->port);
	if (targets->has_alias) {
		follow(services);
		return;
	}
	if (targets->count == 0 && services->type == TYPE_SRV) {
		finish(services, status == TROWEL_OK ? TROWEL_NO_DATA : status);
		return;
	}
	if (targets->count == 0)
		take_name_itself(services);
	status = tw_random_take(services->job.t, (uint8_t *)&lot, sizeof(lot));
	if (status != TROWEL_OK) {
		finish(services, status);
		return;
	}
	tw_targets_order(targets, lot);
	look_up_hosts(services);
}

static void follow(struct services *services)
{
	services->name = services->targets.alias;
	services->targets.has_alias = false;
	if (services->name.length == 1)
		finish(services, TROWEL_NO_DATA);
	else if (++services->aliases > ALIASES_MAX)
		finish(services, TROWEL_ALIAS_LOOP);
	else
		ask(services);
}

/* RFC 9460 3 and 9.1: the end of the aliases; without one, the host's name
 * behind "_8443._https". */
static void take_name_itself(struct services *services)
{
	struct trowel_target *target = &services->targets.items[0];
	const struct trowel_name *name = &services->name;
	size_t start = 0;

	while (services->aliases == 0 && name->octets[start] > 0 &&
		name->octets[start + 1] == '_')
		start += 1u + name->octets[start];
	memset(target, 0, sizeof(*target));
	target->port = services->port;
	target->name.length = (uint8_t)(name->length - start);
	memcpy(target->name.octets, name->octets + start, target->name.length);
	services->targets.count = 1;
}

static void look_up_hosts(struct services *services)
{
	while (services->next < services->targets.count &&
		services->waiting < SIDE_BY_SIDE)
		look_up_host(services, services->next++);
	if (services->waiting == 0)
		finish(services, services->failure);
}

static void look_up_host(struct services *services, size_t index)
{
	char text[TROWEL_NAME_TEXT_SIZE];
	struct trowel_request request = { .kind = TROWEL_REQUEST_ADDRESSES,
		.flags = services->flags | TROWEL_NO_SEARCH,
		.name = text };
	enum trowel_status status;

	trowel_name_format(&services->targets.items[index].name, text);
	status = tw_addresses_start(services->job.t, &services->job, &request,
		&services->hosts[index]);
	if (status == TROWEL_OK) {
		services->waiting++;
		return;
	}
	services->hosts[index] = NULL;
	if (index == 0)
		services->failure = status;
}

/* All addresses stand in one list, each target's together. */
static void finish(struct services *services, enum trowel_status status)
{
	const struct tw_targets *targets = &services->targets;
	size_t count = 0;
	struct trowel_list *list;

	for (size_t i = 0; i < targets->count; i++)
		if (services->lists[i] != NULL)
			count += services->lists[i]->count;
	if (count > 0)
		status = TROWEL_OK;
	list = tw_list_new(
		status, count, targets->count * sizeof(targets->items[0]));
	if (list != NULL)
		fill_in(services, list);
	services->job.list = list;
	tw_job_end(&services->job, list != NULL ? status : TROWEL_NO_MEMORY);
}

static void fill_in(struct services *services, struct trowel_list *list)
{
	size_t count = services->targets.count;
	struct trowel_target *targets =
		(struct trowel_target *)(list->addresses + list->count);
	size_t used = 0;

	list->name = services->name;
	list->answer = services->answer;
	services->answer = NULL;
	list->ttl_s = list->answer != NULL ? list->answer->ttl_s : UINT32_MAX;
	list->target_count = (uint8_t)count;
	list->targets = targets;
	memcpy(targets, services->targets.items, count * sizeof(*targets));
	for (size_t i = 0; i < count; i++) {
		const struct trowel_list *host = services->lists[i];

		targets[i].first = (uint32_t)used;
		if (host == NULL || host->count == 0)
			continue;
		targets[i].count = (uint32_t)host->count;
		if (host->ttl_s < list->ttl_s)
			list->ttl_s = host->ttl_s;
		for (size_t j = 0; j < host->count; j++) {
			list->addresses[used] = host->addresses[j];
			list->addresses[used++].port = targets[i].port;
		}
	}
}
