/* SPDX-License-Identifier: MIT */
/*
 * Reads messages with trowel and with ldns, and compares what they say: header,
 * names, types, classes, TTLs, RDATA, and its text where the two have one form.
 *
 *	compare_ldns [-n COUNT] [-s SEED] [-m PERCENT]
 *
 * First come the fixtures, then COUNT (100,000) random messages. They are well
 * formed, so that both must accept them; but PERCENT (0) of them are mutated,
 * and of those the verdicts that differ are only counted, by kind. A fixture
 * on which the two differ says so: "# ldns: accepts", "refuses" or "differs".
 */
#include "wire/wire.h"

#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/fixture.h"
#include "tests/random_message.h"

#define REPORTS_MAX 10

enum {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_PTR = 12,
	TYPE_MX = 15,
	TYPE_TXT = 16,
	TYPE_AAAA = 28,
	TYPE_SRV = 33,
	TYPE_OPT = 41,
	TYPE_TSIG = 250
};

static unsigned reports;

/*
 * Comparing
 */

/* One message, read twice. */
struct pair {
	const uint8_t *octets;
	size_t length;
	struct trowel_message message;
	struct trowel_fault fault;
	enum trowel_status status;
	ldns_pkt *packet;
	ldns_status ldns_status;
};

static void read_twice(struct pair *pair, const uint8_t *octets, size_t length)
{
	pair->octets = octets;
	pair->length = length;
	pair->packet = NULL;
	pair->status = trowel_message_decode(
		&pair->message, octets, length, &pair->fault);
	pair->ldns_status = ldns_wire2pkt(&pair->packet, octets, length);
}

static void print_difference(const struct pair *pair, const char *what)
{
	char fault[200];

	reports++;
	if (reports > REPORTS_MAX)
		return;
	trowel_fault_format(&pair->fault, fault, sizeof(fault));
	printf("difference: %s\n  trowel: %s\n  ldns: %s\n  ", what, fault,
		ldns_get_errorstr_by_id(pair->ldns_status));
	for (size_t i = 0; i < pair->length; i++)
		printf("%02x", (unsigned)pair->octets[i]);
	printf("\n");
}

static bool is_header_equal(const struct pair *pair)
{
	const struct trowel_message *message = &pair->message;
	const ldns_pkt *packet = pair->packet;
	unsigned flags = (ldns_pkt_qr(packet) ? TROWEL_QR : 0U) |
		(unsigned)ldns_pkt_get_opcode(packet) * 0x0800U |
		(ldns_pkt_aa(packet) ? TROWEL_AA : 0U) |
		(ldns_pkt_tc(packet) ? TROWEL_TC : 0U) |
		(ldns_pkt_rd(packet) ? TROWEL_RD : 0U) |
		(ldns_pkt_ra(packet) ? TROWEL_RA : 0U) |
		(ldns_pkt_ad(packet) ? TROWEL_AD : 0U) |
		(ldns_pkt_cd(packet) ? TROWEL_CD : 0U) |
		(unsigned)ldns_pkt_get_rcode(packet);

	return message->id == ldns_pkt_id(packet) &&
		(message->flags & ~(unsigned)TROWEL_Z) == flags &&
		message->counts[0] == ldns_pkt_qdcount(packet) &&
		message->counts[1] == ldns_pkt_ancount(packet) &&
		message->counts[2] == ldns_pkt_nscount(packet) &&
		message->counts[3] ==
		ldns_pkt_arcount(packet) + (message->edns.present ? 1 : 0) +
			(ldns_pkt_tsig(packet) != NULL ? 1 : 0);
}

/* ldns has the OPT apart from the records. */
static bool is_edns_equal(const struct pair *pair)
{
	const struct trowel_edns *edns = &pair->message.edns;
	const ldns_pkt *packet = pair->packet;
	const ldns_rdf *options = ldns_pkt_edns_data(packet);
	size_t length = options == NULL ? 0 : ldns_rdf_size(options);

	if (edns->present != ldns_pkt_edns(packet))
		return false;
	return edns->udp_size == ldns_pkt_edns_udp_size(packet) &&
		edns->version == ldns_pkt_edns_version(packet) &&
		edns->extended_rcode == ldns_pkt_edns_extended_rcode(packet) &&
		edns->flags == ldns_pkt_edns_z(packet) &&
		edns->options_length == length &&
		(length == 0 ||
			memcmp(pair->octets + edns->options,
				ldns_rdf_data(options), length) == 0);
}

static bool is_name_equal(
	const struct pair *pair, uint16_t offset, const ldns_rdf *owner)
{
	struct trowel_name name;

	trowel_message_name(&pair->message, offset, &name);
	return name.length == ldns_rdf_size(owner) &&
		memcmp(name.octets, ldns_rdf_data(owner), name.length) == 0;
}

static bool is_question_equal(const struct pair *pair)
{
	ldns_rr_list *list = ldns_pkt_question(pair->packet);
	struct trowel_question question;
	const ldns_rr *rr;

	if (!trowel_message_question(&pair->message, &question))
		return list == NULL || ldns_rr_list_rr_count(list) == 0;
	if (list == NULL || ldns_rr_list_rr_count(list) == 0)
		return false;
	rr = ldns_rr_list_rr(list, 0);
	return question.type == ldns_rr_get_type(rr) &&
		question.class_code == ldns_rr_get_class(rr) &&
		is_name_equal(pair, question.name, ldns_rr_owner(rr));
}

/* The RDATA with every name in it written out. */
static size_t expand_rdata(const struct pair *pair,
	const struct trowel_record *record, uint8_t *expanded)
{
	struct trowel_iterator iterator = { 0 };
	struct trowel_field field;
	size_t from = record->rdata;
	size_t end = from + record->rdata_length;
	size_t length = 0;

	while (trowel_field_next(&pair->message, record, &iterator, &field)) {
		struct trowel_name name;

		if (field.kind != TROWEL_KIND_NAME &&
			field.kind != TROWEL_KIND_PLAIN_NAME)
			continue;
		memcpy(expanded + length, pair->octets + from,
			field.offset - from);
		length += field.offset - from;
		trowel_message_name(&pair->message, field.offset, &name);
		memcpy(expanded + length, name.octets, name.length);
		length += name.length;
		from = (size_t)field.offset + field.length;
	}
	memcpy(expanded + length, pair->octets + from, end - from);
	return length + end - from;
}

static bool is_rdata_equal(const struct pair *pair,
	const struct trowel_record *record, const ldns_rr *rr)
{
	static uint8_t expanded[3 * 65536];
	size_t length = expand_rdata(pair, record, expanded);
	size_t at = 0;

	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const ldns_rdf *rdf = ldns_rr_rdf(rr, i);
		size_t size = ldns_rdf_size(rdf);

		if (length - at < size ||
			memcmp(expanded + at, ldns_rdf_data(rdf), size) != 0)
			return false;
		at += size;
	}
	return at == length;
}

/* dig escapes " @ $ in names and tabs in strings; ldns does not. */
static void level_text(char *text)
{
	size_t to = 0;

	for (size_t from = 0; text[from] != '\0'; from++) {
		if (text[from] == '\\' && text[from + 1] != '\0') {
			if (strncmp(text + from, "\\009", 4) == 0) {
				text[to++] = '\t';
				from += 3;
				continue;
			}
			if (strchr("\"@$", text[from + 1]) == NULL)
				text[to++] = text[from];
			from++;
		}
		text[to++] = text[from];
	}
	text[to] = '\0';
}

static bool is_text_equal(const struct pair *pair,
	const struct trowel_record *record, const ldns_rr *rr)
{
	static char ours[300000];
	static char theirs[300000];
	size_t at = 0;

	trowel_rdata_format(
		&pair->message, record, TROWEL_STYLE_PLAIN, ours, sizeof(ours));
	theirs[0] = '\0';
	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		char *text = ldns_rdf2str(ldns_rr_rdf(rr, i));

		at += (size_t)snprintf(theirs + at, sizeof(theirs) - at, "%s%s",
			i > 0 ? " " : "", text);
		free(text);
	}
	level_text(ours);
	level_text(theirs);
	return strcmp(ours, theirs) == 0;
}

static bool has_common_text(const struct trowel_record *record)
{
	static const uint16_t types[] = { TYPE_A, TYPE_NS, TYPE_CNAME, TYPE_SOA,
		TYPE_PTR, TYPE_MX, TYPE_TXT, TYPE_AAAA, TYPE_SRV };

	if (record->class_code != 1)
		return false;
	for (size_t i = 0; i < CHECK_COUNT(types); i++)
		if (record->type == types[i])
			return true;
	return false;
}

/* NULL, or what differs. */
static const char *compare_record(const struct pair *pair,
	const struct trowel_record *record, const ldns_rr *rr)
{
	if (rr == NULL)
		return "number of records";
	if (!is_name_equal(pair, record->owner, ldns_rr_owner(rr)))
		return "owner";
	if (record->type != ldns_rr_get_type(rr))
		return "type";
	if (record->class_code != ldns_rr_get_class(rr))
		return "class";
	if (record->ttl != ldns_rr_ttl(rr))
		return "TTL";
	if (!is_rdata_equal(pair, record, rr))
		return "RDATA";
	if (has_common_text(record) && !is_text_equal(pair, record, rr))
		return "text of RDATA";
	return NULL;
}

/* The next of ldns's records of that section; it has a TSIG apart. */
static const ldns_rr *take_rr(const struct pair *pair,
	const struct trowel_record *record, size_t indices[4])
{
	const ldns_rr_list *lists[] = { NULL, ldns_pkt_answer(pair->packet),
		ldns_pkt_authority(pair->packet),
		ldns_pkt_additional(pair->packet) };

	if (record->type == TYPE_TSIG && ldns_pkt_tsig(pair->packet) != NULL)
		return ldns_pkt_tsig(pair->packet);
	indices[record->section]++;
	return ldns_rr_list_rr(
		lists[record->section], indices[record->section] - 1);
}

static const char *compare_records(const struct pair *pair, size_t *records)
{
	size_t indices[4] = { 0 };
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;
	const char *what = NULL;

	while (what == NULL &&
		trowel_record_next(&pair->message, &iterator, &record)) {
		if (record.type == TYPE_OPT)
			continue;
		what = compare_record(
			pair, &record, take_rr(pair, &record, indices));
		(*records)++;
	}
	return what;
}

static const char *compare(const struct pair *pair, size_t *records)
{
	if (!is_header_equal(pair))
		return "header";
	if (!is_edns_equal(pair))
		return "OPT";
	if (!is_question_equal(pair))
		return "question";
	return compare_records(pair, records);
}

/*
 * Fixtures
 */

static bool says_ldns(const struct fixture *fixture, const char *verdict)
{
	size_t length = 0;
	const char *text = fixture_text(fixture, "ldns", 0, &length);

	return text != NULL && length == strlen(verdict) &&
		strncmp(text, verdict, length) == 0;
}

static const char *compare_fixture(
	const struct fixture *fixture, const struct pair *pair, size_t *records)
{
	static const char stale[] = "nothing, and the fixture says otherwise";
	bool accepts = pair->ldns_status == LDNS_STATUS_OK;
	const char *what;

	if (accepts != (pair->status == TROWEL_OK))
		return says_ldns(fixture, accepts ? "accepts" : "refuses")
			? NULL
			: "verdict";
	if (says_ldns(fixture, "accepts") || says_ldns(fixture, "refuses"))
		return stale;
	what = accepts ? compare(pair, records) : NULL;
	if (says_ldns(fixture, "differs"))
		return what == NULL ? stale : NULL;
	return what;
}

static unsigned compare_fixtures(void)
{
	size_t count;
	struct fixture *fixtures = fixtures_load(&count);
	size_t records = 0;
	unsigned failed = 0;

	for (size_t i = 0; i < count; i++) {
		struct pair pair;
		const char *what;

		read_twice(&pair, fixtures[i].octets, fixtures[i].length);
		what = compare_fixture(&fixtures[i], &pair, &records);
		if (what != NULL) {
			printf("%s: ", fixtures[i].name);
			print_difference(&pair, what);
			failed++;
		}
		ldns_pkt_free(pair.packet);
	}
	printf("%zu fixtures, %zu records, %u different\n", count, records,
		failed);
	fixtures_release(fixtures, count);
	return failed;
}

/*
 * Random messages
 */

/* How mutated messages fared. */
struct tally {
	size_t messages;
	size_t octets;
	size_t records;
	size_t mutated;
	size_t accepted; /* by both */
	size_t refused; /* by both */
	size_t ours_alone[TROWEL_STATUS_COUNT]; /* refused by us, by reason */
	size_t theirs_alone; /* refused by ldns */
};

static const char *judge(
	const struct pair *pair, bool is_mutated, struct tally *tally)
{
	bool accepts = pair->ldns_status == LDNS_STATUS_OK;

	if (pair->status == TROWEL_OK && accepts) {
		tally->accepted++;
		return compare(pair, &tally->records);
	}
	if (!is_mutated)
		return "verdict on a well-formed message";
	if (pair->status != TROWEL_OK && !accepts)
		tally->refused++;
	else if (accepts)
		tally->ours_alone[pair->status]++;
	else
		tally->theirs_alone++;
	return NULL;
}

static void print_tally(const struct tally *tally, unsigned failed)
{
	printf("%zu messages, %zu octets, %zu records, %u different\n",
		tally->messages, tally->octets, tally->records, failed);
	if (tally->mutated == 0)
		return;
	printf("%zu mutated; of all, both accept %zu, both refuse %zu, "
	       "ldns alone refuses %zu\n",
		tally->mutated, tally->accepted, tally->refused,
		tally->theirs_alone);
	for (unsigned i = 0; i < TROWEL_STATUS_COUNT; i++)
		if (tally->ours_alone[i] > 0)
			printf("trowel alone refuses %zu: %s\n",
				tally->ours_alone[i],
				trowel_status_text((enum trowel_status)i));
}

static unsigned compare_random(uint64_t seed, size_t count, size_t percent)
{
	static struct random_message random;
	struct tally tally = { 0 };
	unsigned failed = 0;

	for (size_t i = 0; i < count; i++) {
		struct pair pair;
		uint8_t *octets;
		const char *what;
		bool is_mutated;

		/* Each message by itself can be had again: seed + index. */
		random_message_build(&random, seed + i);
		is_mutated = random_below(&random, 100) < percent;
		if (is_mutated)
			random_message_mutate(&random);
		octets = build_copy(&random.build);
		read_twice(&pair, octets, random.build.length);
		what = judge(&pair, is_mutated, &tally);
		if (what != NULL) {
			print_difference(&pair, what);
			failed++;
		}
		tally.messages++;
		tally.mutated += is_mutated ? 1 : 0;
		tally.octets += random.build.length;
		ldns_pkt_free(pair.packet);
		free(octets);
	}
	print_tally(&tally, failed);
	return failed;
}

static _Noreturn void usage(void)
{
	fprintf(stderr,
		"usage: compare_ldns [-n COUNT] [-s SEED] "
		"[-m PERCENT]\n");
	exit(2);
}

int main(int argc, char **argv)
{
	unsigned long count = 100000;
	unsigned long long seed = 20261121;
	unsigned long percent = 0;
	unsigned failed = 0;
	int option;

	while ((option = getopt(argc, argv, "n:s:m:")) != -1) {
		if (option == 'n')
			count = strtoul(optarg, NULL, 10);
		else if (option == 's')
			seed = strtoull(optarg, NULL, 10);
		else if (option == 'm')
			percent = strtoul(optarg, NULL, 10);
		else
			usage();
	}
	if (optind < argc)
		usage();
	failed += compare_fixtures() > 0 ? 1 : 0;
	printf("seed %llu: ", seed);
	failed += compare_random(seed, count, percent) > 0 ? 1 : 0;
	printf("%u passed, %u failed\n", 2 - failed, failed);
	return failed > 0 ? 1 : 0;
}
