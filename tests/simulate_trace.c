/* SPDX-License-Identifier: MIT */
#include "tests/simulate_trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/scenario_parts.h"

#define TRACE_SIZE (1u << 20)

static char text[TRACE_SIZE];
static size_t length;
static bool wanted;

static void tell(const char *format, ...)
{
	va_list arguments;
	int written;

	if (!wanted || length + 4096 > TRACE_SIZE)
		return;
	va_start(arguments, format);
	written = vsnprintf(
		text + length, TRACE_SIZE - length, format, arguments);
	va_end(arguments);
	if (written > 0)
		length += (size_t)written;
}

static void tell_octets(const uint8_t *octets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		tell("%02X", octets[i]);
}

static void tell_time(const char *before, uint64_t us)
{
	tell("%s%llu.%03u", before, (unsigned long long)(us / 1000),
		(unsigned)(us % 1000));
}

void trace_start(void)
{
	wanted = true;
}

void trace_stop(void)
{
	wanted = false;
}

const char *trace_text(void)
{
	return text;
}

static void tell_policy(const struct trowel_policy *p)
{
	tell("policy servers=%u tries=%u timeout=%u deadline=%u",
		p->server_count, p->tries, p->timeout_ms, p->deadline_ms);
	tell("%s%s%s%s%s%s%s%s%s\n", p->tcp ? " tcp" : "",
		p->keep_truncated ? " keep-truncated" : "",
		p->keep_malformed ? " keep-malformed" : "",
		p->any_rcode ? " any-rcode" : "",
		p->edns_fallback ? " edns-fallback" : "",
		p->cookies ? " cookies" : "", p->mix_case ? " mix-case" : "",
		p->rotate ? " rotate" : "", p->fixed_id ? " fixed-id" : "");
}

static uint64_t from(uint64_t now_us, uint64_t us)
{
	return us > now_us ? us - now_us : 0;
}

static void tell_health(
	unsigned server, const struct trowel_health *h, uint64_t now_us)
{
	tell("health %u srtt=%u rttvar=%u samples=%u asked=%u failures=%u"
	     " edns=%u odd-case=%u odd-cookie=%u",
		server, h->srtt_us, h->rttvar_us, h->samples, h->asked,
		h->failures, h->edns, h->odd_case, h->odd_cookie);
	tell_time(" probe=", from(now_us, h->probe_us));
	tell_time(" edns-again=", from(now_us, h->edns_us));
	tell_time(" odd-until=", from(now_us, h->odd_us));
	if (h->has_client_cookie) {
		tell(" client-cookie=");
		tell_octets(h->client_cookie, 8);
	}
	if (h->server_cookie_length > 0) {
		tell(" server-cookie=");
		tell_octets(h->server_cookie, h->server_cookie_length);
	}
	tell("\n");
}

void trace_begin(struct lookup *l)
{
	if (!wanted)
		return;
	length = 0;
	l->traced_us = l->start_us;
	tell_policy(&l->policy);
	for (unsigned i = 0; i < l->world->server_count; i++)
		tell_health(i, &l->world->health[i], l->start_us);
	for (unsigned i = 0; i < TROWEL_ATTEMPTS_MAX; i++) {
		tell("random %u ", i);
		tell_octets(l->random + 4 * i, 4);
		tell("\n");
	}
	tell("random case ");
	tell_octets(l->random + 4 * TROWEL_ATTEMPTS_MAX, 32);
	tell("\nrandom cookie ");
	tell_octets(l->random + 4 * TROWEL_ATTEMPTS_MAX + 32, 8);
	tell("\nask %s A id=%u%s%s\n", l->name, l->query.id,
		l->query.edns ? " edns" : "",
		l->query.flags == 0 ? " norecurse" : "");
}

static void tell_clock(struct lookup *l)
{
	if (l->world->now_us > l->traced_us) {
		tell_time("advance ", l->world->now_us - l->traced_us);
		tell("\n");
	}
	l->traced_us = l->world->now_us;
}

void trace_action(struct lookup *l, const struct trowel_action *action)
{
	const struct trowel_attempt *asked =
		&l->engine.attempts[action->attempt % TROWEL_ATTEMPTS_MAX];

	if (!wanted)
		return;
	tell_clock(l);
	if (action->kind == TROWEL_SEND) {
		tell("expect send %u %s%s\n", asked->server,
			asked->transport == TROWEL_TCP ? "tcp" : "udp",
			asked->probe ? " probe" : "");
	} else if (action->kind == TROWEL_WAIT) {
		tell_time("expect wait ", action->until_us - l->start_us);
		tell("\n");
	} else {
		tell("expect done %s attempt=%u\n",
			scenario_name_of(
				scenario_statuses, (int)action->status),
			action->attempt);
	}
}

void trace_event(struct lookup *l, const struct event *event,
	enum trowel_verdict verdict)
{
	if (!wanted)
		return;
	tell_clock(l);
	if (event->fails) {
		tell("fail %u %s\n", event->attempt,
			scenario_name_of(scenario_errors, event->error));
		return;
	}
	tell("reply %u hex=", event->attempt);
	tell_octets(event->octets, event->length);
	tell("%s times=%u => %s\n", event->cut ? " larger" : "", event->times,
		scenario_name_of(scenario_verdicts, (int)verdict));
}

void trace_broken(const struct lookup *l)
{
	tell("# %s\n", l->broken);
}
