/* SPDX-License-Identifier: MIT */
#include "cli/lookup_group.h"

#include <string.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/edns.h"
#include "cli/gather.h"
#include "cli/octets.h"
#include "cli/show.h"

#define EDNS_DO 0x8000U

static bool make_query(const struct tw_job *job, struct trowel_query *query);
static int show_replies(
	struct tw_output *output, struct tw_job *job, struct tw_gather *gather);

int tw_look_up_group(struct tw_output *output, struct tw_job *job)
{
	const struct tw_lookup *lookup = job->lookup;
	struct tw_gather gather;
	int exit;

	memset(&gather.group, 0, sizeof(gather.group));
	if (!job->servers.is_mdns)
		gather.group = job->servers.options.servers[0];
	job->servers.name[0] = '\0';
	gather.source = lookup->source;
	gather.window_ms = lookup->gather ? lookup->gather_ms : TW_GATHER_MS;
	if (!make_query(job, &gather.query)) {
		tw_complain("no random octets for an id");
		return TW_EXIT_INTERNAL;
	}
	if (tw_gather_open(&gather)) {
		exit = show_replies(output, job, &gather);
	} else {
		tw_complain("cannot send to %s: %s",
			lookup->server_count ? lookup->servers[0] : "a server",
			strerror(gather.error));
		exit = TW_EXIT_NO_REPLY;
	}
	tw_gather_close(&gather);
	return exit;
}

/* One-shot multicast DNS is a query with nothing but its question, RFC 6762
 * 5.1 and 18; others are as the options have them. */
static bool make_query(const struct tw_job *job, struct trowel_query *query)
{
	const struct tw_lookup *lookup = job->lookup;
	const struct trowel_ask *ask = &job->ask;
	uint8_t id[2];

	memset(query, 0, sizeof(*query));
	query->name = job->asked;
	query->type = lookup->type;
	query->class_code = lookup->class_code;
	if (!tw_random(id, sizeof(id)))
		return false;
	query->id = lookup->id_given ? lookup->id : tw_u16_of(id);
	if (job->servers.is_mdns)
		return true;
	query->flags = (uint16_t)((lookup->recursion ? TROWEL_RD : 0) |
		(lookup->authentic ? TROWEL_AD : 0) |
		(lookup->unchecked ? TROWEL_CD : 0));
	query->edns = tw_edns_is_sent(&job->edns);
	query->edns_version = ask->edns_version;
	query->udp_size = ask->udp_size ? ask->udp_size : TROWEL_EDNS_SIZE;
	query->edns_flags =
		(uint16_t)(ask->edns_flags | (job->edns.dnssec ? EDNS_DO : 0U));
	query->options = ask->options;
	query->options_length = ask->options_length;
	return true;
}

/* The banner stands before the first alone. */
static int show_replies(
	struct tw_output *output, struct tw_job *job, struct tw_gather *gather)
{
	const struct trowel_answer *answer;
	struct tw_lookup lookup = *job->lookup;
	unsigned count = 0;
	int error;

	job->lookup = &lookup;
	lookup.banner.has_servers &= !job->servers.is_mdns;
	while ((answer = tw_gather_next(gather)) != NULL) {
		tw_show_reply(output, job, answer);
		count++;
		error = tw_output_write(output, STDOUT_FILENO);
		if (error)
			return tw_complain_of_output(error);
		if (!lookup.gather)
			return 0;
		lookup.banner.words = NULL;
	}
	if (count > 0)
		return 0;
	tw_complain("no reply in %lu ms", (unsigned long)gather->window_ms);
	return TW_EXIT_NO_REPLY;
}
