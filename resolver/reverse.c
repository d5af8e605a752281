/* SPDX-License-Identifier: MIT */
/*
 * The name of an address, as a job: the sources are gone through in their
 * order, as for the addresses of a host; the DNS has it as a PTR record (RFC
 * 1035 3.5, RFC 3596 2.5).
 */
#include <trowel/resolver.h>

#include <stdlib.h>
#include <string.h>

#include "resolver/file.h"
#include "resolver/host.h"
#include "resolver/hosts.h"
#include "resolver/job.h"
#include "resolver/list.h"
#include "resolver/outcome.h"

#define TYPE_PTR 12
#define ZONE_SIZE 14 /* of in-addr.arpa */

struct reverse {
	uint8_t source; /* index of the one at work */
	struct tw_job job;
	struct trowel_name name; /* of the PTR record */
};

static void child_ended(struct tw_job *job, struct tw_job *child);
static void advance(struct reverse *reverse);
static void look_into_hosts(struct reverse *reverse, const char *path);
static enum trowel_status find_name(
	const struct trowel_answer *answer, struct trowel_name *name);
static void write_name(
	const struct trowel_address *address, struct trowel_name *name);
static size_t write_number(
	uint8_t *octets, size_t at, unsigned number, unsigned base);

enum trowel_status trowel_reverse(struct trowel *t,
	const struct trowel_address *address, const struct trowel_ask *ask,
	struct trowel_list **list)
{
	char text[TROWEL_ADDRESS_TEXT_SIZE];
	struct trowel_request request = { .kind = TROWEL_REQUEST_REVERSE,
		.ask = ask };

	if (address->family == 4 || address->family == 6) {
		trowel_address_format(address, text);
		request.name = text;
	}
	return tw_request_run(t, &request, NULL, list);
}

enum trowel_status tw_reverse_start(struct trowel *t, struct tw_job *parent,
	const struct trowel_request *request, struct tw_job **job)
{
	struct trowel_address address;
	struct reverse *reverse;

	if (request->name == NULL ||
		trowel_address_parse(request->name, &address) != TROWEL_OK)
		return TROWEL_BAD_ADDRESS;
	*job = tw_job_new(t, parent, request->ask, sizeof(*reverse),
		offsetof(struct reverse, job));
	if (*job == NULL)
		return TROWEL_NO_MEMORY;
	reverse = TW_OWNER(*job, struct reverse, job);
	reverse->job.kind.child_ended = child_ended;
	reverse->job.ask.class_code = 0;
	reverse->job.list = tw_list_new(TROWEL_NO_SUCH_NAME, 1, 0);
	if (reverse->job.list == NULL) {
		tw_job_cancel(*job);
		return TROWEL_NO_MEMORY;
	}
	reverse->job.list->addresses[0] = address;
	write_name(&address, &reverse->name);
	reverse->job.list->name = reverse->name;
	advance(reverse);
	return TROWEL_OK;
}

static void child_ended(struct tw_job *job, struct tw_job *child)
{
	struct reverse *reverse = TW_OWNER(job, struct reverse, job);
	struct trowel_list *list = job->list;

	list->answer = child->answer;
	child->answer = NULL;
	list->status = tw_outcome(child->status, list->answer);
	if (list->status == TROWEL_OK) {
		list->ttl_s = list->answer->ttl_s;
		list->status = find_name(list->answer, &list->name);
	}
	reverse->source++;
	advance(reverse);
}

static void advance(struct reverse *reverse)
{
	struct tw_job *job = &reverse->job;
	const struct trowel_options *options = tw_options(job->t);
	struct tw_job *child;

	for (; reverse->source < 2 && job->list->status != TROWEL_OK;
		reverse->source++) {
		uint8_t source = options->sources[reverse->source];

		if (source == TROWEL_SOURCE_FILES)
			look_into_hosts(reverse, options->hosts);
		if (source != TROWEL_SOURCE_DNS)
			continue;
		job->list->status = tw_lookup_start(
			job->t, job, NULL, &reverse->name, TYPE_PTR, &child);
		if (job->list->status == TROWEL_OK)
			return;
	}
	tw_job_end(job, job->list->status);
}

/* A file that cannot be read says nothing. */
static void look_into_hosts(struct reverse *reverse, const char *path)
{
	struct trowel_list *list = reverse->job.list;
	enum trowel_status status;
	size_t length;
	char *text;

	if (path == NULL)
		return;
	status = tw_file_read(path, TW_HOSTS_MAX, &text, &length);
	if (tw_hosts_reverse(text, length, &list->addresses[0], &list->name))
		list->status = TROWEL_OK;
	free(text);
	if (status == TROWEL_NO_MEMORY) {
		list->status = status;
		reverse->source = 2;
	}
}

/* Anybody can write into a PTR record what he likes: what no host can be called
 * is not shown as one. */
static enum trowel_status find_name(
	const struct trowel_answer *answer, struct trowel_name *name)
{
	struct trowel_chain chain;
	struct trowel_record record;

	trowel_chain_start(&chain, &answer->message);
	while (tw_chain_next(&chain, &record)) {
		struct trowel_name target;

		trowel_message_name(&answer->message, record.rdata, &target);
		if (target.length > 1 && tw_host_is_good(&target)) {
			*name = target;
			return TROWEL_OK;
		}
	}
	return TROWEL_NO_DATA;
}

/* A label for each octet or nibble, the last one first; and then the zone. */
static void write_name(
	const struct trowel_address *address, struct trowel_name *name)
{
	static const char zones[2][ZONE_SIZE] = { "\7in-addr\4arpa",
		"\3ip6\4arpa" };
	bool ipv6 = address->family == 6;
	unsigned base = ipv6 ? 16 : 10;
	size_t at = 0;

	for (size_t i = ipv6 ? 16 : 4; i > 0; i--) {
		unsigned octet = address->octets[i - 1];

		if (ipv6) {
			at = write_number(name->octets, at, octet % 16, base);
			octet /= 16;
		}
		at = write_number(name->octets, at, octet, base);
	}
	memcpy(name->octets + at, zones[ipv6], ZONE_SIZE);
	name->length = (uint8_t)(at + (ipv6 ? 10 : ZONE_SIZE));
}

/* A label at an offset. Returns where it ends. */
static size_t write_number(
	uint8_t *octets, size_t at, unsigned number, unsigned base)
{
	size_t count = number < base ? 1 : number < base * base ? 2 : 3;

	octets[at] = (uint8_t)count;
	for (size_t i = at + count; i > at; i--) {
		octets[i] = (uint8_t) "0123456789abcdef"[number % base];
		number /= base;
	}
	return at + 1 + count;
}
