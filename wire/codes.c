/* SPDX-License-Identifier: MIT */
/* The IANA registries "DNS parameters", by name and by number; what went wrong,
 * in words. */
#include "wire/codes.h"

#include "wire/cursor.h"
#include "wire/rdata.h"
#include "wire/text.h"

#define SECTIONS "question\0answer\0authority\0additional"

/* A name out of a registry; there need be no NUL behind it. */
struct entry {
	uint16_t code;
	const char *name;
	size_t length;
};

/*@ predicate entry_is_good(struct entry *entry) = entry->length <= 65535 &&
      \valid_read(entry->name + (0 .. entry->length)); */

/* A string for each of enum trowel_registry, in that order: what stands before
 * the number of a code without a name; then codes and names, each behind a
 * comma. Those of the types are in rrtypes.def. */
/* clang-format off */
#define REGISTRIES \
	"TYPE\0" \
	/* RFC 1035 3.2.4, RFC 2136 2.4, RFC 2929 3.2 */ \
	"CLASS,1 IN,3 CH,4 HS,254 NONE,255 ANY,3 CHAOS,4 HESIOD\0" \
	/* RFC 1035 4.1.1, RFC 1996, RFC 2136 */ \
	"RESERVED,0 QUERY,1 IQUERY,2 STATUS,4 NOTIFY,5 UPDATE\0" \
	/* RFC 1035 4.1.1, RFC 2136 2.2, RFC 6891 9, RFC 7873 8 */ \
	"?,0 NOERROR,1 FORMERR,2 SERVFAIL,3 NXDOMAIN,4 NOTIMP,5 REFUSED," \
	"6 YXDOMAIN,7 YXRRSET,8 NXRRSET,9 NOTAUTH,10 NOTZONE,16 BADVERS," \
	"23 BADCOOKIE\0" \
	/* EDNS0 option codes, RFC 6891 9 and the RFCs that registered each */ \
	"OPT,1 LLQ,2 UL,3 NSID,5 DAU,6 DHU,7 N3U,8 CLIENT-SUBNET,9 EXPIRE," \
	"10 COOKIE,11 TCP-KEEPALIVE,12 PADDING,13 CHAIN,14 KEY-TAG,15 EDE," \
	"16 CLIENT-TAG,17 SERVER-TAG,18 REPORT-CHANNEL,19 ZONEVERSION\0" \
	/* RFC 8914 5.2 and the registry after it */ \
	",0 Other,1 Unsupported DNSKEY Algorithm,2 Unsupported DS Digest Type," \
	"3 Stale Answer,4 Forged Answer,5 DNSSEC Indeterminate,6 DNSSEC Bogus," \
	"7 Signature Expired,8 Signature Not Yet Valid,9 DNSKEY Missing," \
	"10 RRSIGs Missing,11 No Zone Key Bit Set,12 NSEC Missing," \
	"13 Cached Error,14 Not Ready,15 Blocked,16 Censored,17 Filtered," \
	"18 Prohibited,19 Stale NXDOMAIN Answer,20 Not Authoritative," \
	"21 Not Supported,22 No Reachable Authority,23 Network Error," \
	"24 Invalid Data,25 Signature Expired before Valid,26 Too Early," \
	"27 Unsupported NSEC3 Iterations,28 Unable to conform to policy," \
	"29 Synthesized,30 Invalid Query Type\0" \
	/* RFC 8624 3.1 and the registry; RFC 4398 2.1 refers to it as well */ \
	",1 RSAMD5,2 DH,3 DSA,5 RSASHA1,6 NSEC3DSA,7 NSEC3RSASHA1,8 RSASHA256," \
	"10 RSASHA512,12 ECCGOST,13 ECDSAP256SHA256,14 ECDSAP384SHA384," \
	"15 ED25519,16 ED448,252 INDIRECT,253 PRIVATEDNS,254 PRIVATEOID\0" \
	/* RFC 4398 2.1 */ \
	",1 PKIX,2 SPKI,3 PGP,4 IPKIX,5 ISPKI,6 IPGP,7 ACPKIX,8 IACPKIX," \
	"253 URI,254 OID\0" \
	/* RFC 8945 3, RFC 2930 2.6; below them the RCODEs */ \
	",16 BADSIG,17 BADKEY,18 BADTIME,19 BADMODE,20 BADNAME,21 BADALG," \
	"22 BADTRUNC,23 BADCOOKIE\0" \
	/* RFC 9859 2.1 */ \
	",1 NOTIFY\0" \
	/* RFC 9460 14.3.2; dig names those */ \
	"key,0 mandatory,1 alpn,2 no-default-alpn,3 port,4 ipv4hint,5 ech," \
	"6 ipv6hint"

/* A string for each of enum trowel_status, in that order. */
#define SENTENCES \
	"no error\0" \
	"empty label\0" \
	"label over 63 octets\0" \
	"name over 255 octets\0" \
	"escape that is neither \\X nor \\DDD up to 255\0" \
	"message shorter than a header\0" \
	"message too long\0" \
	"message ends too early\0" \
	"label type that does not exist\0" \
	"compression pointer does not point back\0" \
	"compression pointer points into the header\0" \
	"compression pointer where the type allows none\0" \
	"too many compression pointers\0" \
	"more than one question\0" \
	"runs past the end of its RDATA\0" \
	"octets left over at the end of the RDATA\0" \
	"value that the type forbids\0" \
	"OPT not at the root of the additional section\0" \
	"second OPT\0" \
	"CNAMEs lead in a circle or too far\0" \
	"CNAME beside other data\0" \
	"too little space\0" \
	"argument out of range\0" \
	"not an IPv4 or IPv6 address\0" \
	"no server to ask\0" \
	"out of memory\0" \
	"the system has no random numbers to give\0" \
	"file cannot be read\0" \
	"system call failed\0" \
	"timed out\0" \
	"no server could be reached\0" \
	"malformed answer\0" \
	"connection closed before the answer\0" \
	"the servers failed\0" \
	"no such name (NXDOMAIN)\0" \
	"the name has no such data"
/* clang-format on */

static const char *registry_of(enum trowel_registry registry);
static bool find_name(
	enum trowel_registry registry, uint16_t code, struct entry *entry);
static bool find_code(enum trowel_registry registry, const char *text,
	size_t length, uint16_t *code);
static size_t length_of(const char *text);
static bool parse_number(
	const char *text, size_t length, const char *prefix, uint16_t *code);
static void put_fault(struct tw_text *out, const struct trowel_fault *fault);
static void put_place(struct tw_text *out, const struct trowel_fault *fault);
static void put_offset(struct tw_text *out, uint16_t offset);

size_t trowel_code_format(enum trowel_registry registry, uint16_t code,
	char text[TROWEL_CODE_TEXT_SIZE])
{
	struct tw_text out = { text, TROWEL_CODE_TEXT_SIZE, 0 };

	tw_code_put(&out, registry, code);
	tw_text_end(&out);
	return out.length;
}

void tw_code_put(
	struct tw_text *text, enum trowel_registry registry, uint16_t code)
{
	const char *prefix = registry_of(registry);
	struct entry entry;

	if (find_name(registry, code, &entry)) {
		tw_characters_put(text, entry.name, entry.length);
	} else if (registry != TROWEL_ERRORS) {
		if (registry == TROWEL_RCODES && code >= 11 && code <= 15)
			tw_text_put_string(text, "RESERVED");
		else
			tw_characters_put(text, prefix, length_of(prefix));
		tw_number_put(text, code);
	}
}

bool trowel_code_parse(enum trowel_registry registry, const char *text,
	size_t length, uint16_t *code)
{
	uint16_t found = 0;

	/* RFC 8945 3: below 16 they are the RCODEs. */
	if (!find_code(registry, text, length, &found) &&
		!(registry == TROWEL_TSIG_ERRORS &&
			find_code(TROWEL_RCODES, text, length, &found) &&
			found < 16) &&
		(registry == TROWEL_RCODES || registry == TROWEL_ERRORS ||
			!parse_number(
				text, length, registry_of(registry), &found)))
		return false;
	*code = found;
	return true;
}

const char *trowel_status_text(enum trowel_status status)
{
	if ((unsigned)status >= TROWEL_STATUS_COUNT)
		return "unknown status";
	return tw_string_at(SENTENCES, sizeof SENTENCES, status);
}

size_t trowel_fault_format(
	const struct trowel_fault *fault, char *text, size_t size)
{
	struct tw_text out = { text, size, 0 };

	put_fault(&out, fault);
	tw_text_end(&out);
	return out.length;
}

/*@ assigns \result \from registry;
    ensures tw_is_string(\result) && !\valid(\result); */
static const char *registry_of(enum trowel_registry registry)
{
	return tw_string_at(REGISTRIES, sizeof REGISTRIES, registry);
}

/* The characters before a comma or the end. */
/*@ requires tw_is_string(text);
    assigns \nothing;
    ensures \result < tw_rest_of(text); */
static size_t length_of(const char *text)
{
	size_t length = 0;

	/*@ loop invariant 0 <= length < tw_rest_of(text);
	    loop assigns length;
	    loop variant tw_rest_of(text) - length; */
	while (text[length] != '\0' && text[length] != ',')
		length++;
	return length;
}

/* The number in text[*at .. end), up to 65535. Moves behind its digits, or to
 * the first that is too many. */
/*@ requires \valid(at) && \separated(at, text + (0 .. end));
    requires *at < tw_rest_of(text) && tw_is_string(text) ||
      \valid_read(text + (0 .. end - 1));
    assigns *at;
    ensures \old(*at) <= *at;
    ensures \old(*at) < tw_rest_of(text) && tw_is_string(text) ==>
      *at < tw_rest_of(text);
    ensures \old(*at) <= end ==> *at <= end; */
static uint16_t take_number(const char *text, size_t end, size_t *at)
{
	uint32_t number = 0;

	/*@ loop invariant number <= 65535 && \at(*at, Pre) <= *at;
	    loop invariant *at <= end || *at == \at(*at, Pre);
	    loop invariant \at(*at, Pre) < tw_rest_of(text) &&
	      tw_is_string(text) ==> *at < tw_rest_of(text);
	    loop assigns number, *at;
	    loop variant end - *at; */
	for (; *at < end && text[*at] >= '0' && text[*at] <= '9'; (*at)++) {
		uint32_t more = number * 10 + (uint32_t)(text[*at] - '0');

		if (more > 65535)
			break;
		number = more;
	}
	return (uint16_t)number;
}

/* The entry behind the comma at *at. False at the end of the registry. */
/*@ requires tw_is_string(registry) && \valid(at) && \valid(entry);
    requires *at < tw_rest_of(registry) && \separated(at, entry);
    requires \separated(registry + (0 .. 65535), at, entry);
    assigns *at, *entry;
    ensures *at < tw_rest_of(registry);
    ensures \result ==> *at > \old(*at) && entry_is_good(entry) &&
      \base_addr(entry->name) == \base_addr(registry); */
static bool next_entry(const char *registry, size_t *at, struct entry *entry)
{
	if (registry[*at] != ',')
		return false;
	(*at)++;
	entry->code = take_number(registry, *at + 5, at);
	if (registry[*at] != ' ')
		return false;
	entry->name = registry + *at + 1;
	entry->length = length_of(entry->name);
	*at += entry->length + 1;
	return true;
}

/* Whether `length` characters are alike, in letters of either case. */
/*@ requires \valid_read(a + (0 .. length - 1));
    requires \valid_read(b + (0 .. length - 1));
    assigns \nothing; */
static bool is_same(const char *a, const char *b, size_t length)
{
	/*@ loop invariant 0 <= i <= length;
	    loop assigns i;
	    loop variant length - i; */
	for (size_t i = 0; i < length; i++)
		if (tw_lower(tw_octet_of(a[i])) != tw_lower(tw_octet_of(b[i])))
			return false;
	return true;
}

/*@ requires \valid_read(text + (0 .. length - 1)) && \valid(code);
    assigns *code; */
static bool find_type(const char *text, size_t length, uint16_t *code)
{
	/*@ loop invariant 0 <= i <= TW_RRTYPE_COUNT;
	    loop assigns i, *code;
	    loop variant TW_RRTYPE_COUNT - i; */
	for (size_t i = 0; i < TW_RRTYPE_COUNT; i++) {
		const char *name = tw_rrtype_mnemonic(&tw_rrtypes[i]);

		*code = tw_rrtypes[i].code;
		if (length_of(name) == length && is_same(text, name, length))
			return true;
	}
	return false;
}

/* The entry of a name, or of a code if that is NULL. */
/*@ requires registry <= TROWEL_PARAMS && \valid(entry);
    requires text == \null || \valid_read(text + (0 .. length - 1));
    assigns *entry;
    ensures \result ==> entry_is_good(entry) && !\valid(entry->name); */
static bool find_entry(enum trowel_registry registry, const char *text,
	size_t length, struct entry *entry, uint16_t code)
{
	const char *names = registry_of(registry);
	size_t at = length_of(names);

	/*@ loop invariant at < tw_rest_of(names);
	    loop assigns at, *entry;
	    loop variant tw_rest_of(names) - at; */
	while (next_entry(names, &at, entry))
		if (text == NULL ? entry->code == code
				 : entry->length == length &&
					is_same(text, entry->name, length))
			return true;
	return false;
}

/*@ requires registry <= TROWEL_PARAMS && \valid(entry);
    assigns *entry;
    ensures \result ==> entry_is_good(entry) && !\valid(entry->name); */
static bool find_name(
	enum trowel_registry registry, uint16_t code, struct entry *entry)
{
	const struct tw_rrtype *row = tw_rrtype_search(code);

	if (registry == TROWEL_TYPES && row != NULL) {
		entry->name = tw_rrtype_mnemonic(row);
		entry->length = length_of(entry->name);
		return true;
	}
	/* RFC 8945 3 */
	if (registry == TROWEL_TSIG_ERRORS && code < 16)
		registry = TROWEL_RCODES;
	return find_entry(registry, NULL, 0, entry, code);
}

/*@ requires registry <= TROWEL_PARAMS && \valid(code);
    requires \valid_read(text + (0 .. length - 1)) && text != \null;
    assigns *code; */
static bool find_code(enum trowel_registry registry, const char *text,
	size_t length, uint16_t *code)
{
	struct entry entry;

	if (registry == TROWEL_TYPES)
		return find_type(text, length, code);
	if (!find_entry(registry, text, length, &entry, 0))
		return false;
	*code = entry.code;
	return true;
}

/* "TYPE65280": one to five digits behind the prefix, up to 65535. */
/*@ requires \valid_read(text + (0 .. length - 1)) && \valid(code);
    requires tw_is_string(prefix);
    assigns *code; */
static bool parse_number(
	const char *text, size_t length, const char *prefix, uint16_t *code)
{
	size_t at = length_of(prefix);

	if (length <= at || length - at > 5 || !is_same(text, prefix, at))
		return false;
	*code = take_number(text, length, &at);
	return at == length;
}

void tw_number_put(struct tw_text *text, uint64_t number)
{
	char digits[20];
	size_t start = sizeof digits;

	/*@ loop invariant 0 < start <= 20;
	    loop assigns start, number, digits[0 .. 19];
	    loop variant start; */
	do {
		start--;
		digits[start] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0 && start > 0);
	tw_characters_put(text, digits + start, sizeof digits - start);
}

/*@ requires tw_text_has_room(out, 400000) && \valid_read(fault);
    requires \separated(fault, out, out->text + (0 .. out->size - 1));
    requires \valid_read(fault->field + (0 .. fault->field_length - 1)) &&
      tw_text_is_apart(out, fault->field, fault->field_length);
    assigns out->length, out->text[0 .. out->size - 1];
    ensures \old(out->length) <= out->length <=
      \old(out->length) + 400000; */
static void put_fault(struct tw_text *out, const struct trowel_fault *fault)
{
	put_place(out, fault);
	tw_text_put_string(out, trowel_status_text(fault->status));
	put_offset(out, fault->offset);
}

/*@ requires tw_text_has_room(out, 65556);
    assigns out->length, out->text[0 .. out->size - 1];
    ensures \old(out->length) <= out->length <= \old(out->length) + 65556; */
static void put_offset(struct tw_text *out, uint16_t offset)
{
	tw_labelled_put(out, " (byte ", offset);
	tw_text_put(out, ')');
}

/* "SRV target: ", where the record and its field are known. */
/*@ requires tw_text_has_room(out, 200000) && \valid_read(fault);
    requires \separated(fault, out, out->text + (0 .. out->size - 1));
    requires \valid_read(fault->field + (0 .. fault->field_length - 1)) &&
      tw_text_is_apart(out, fault->field, fault->field_length);
    assigns out->length, out->text[0 .. out->size - 1];
    ensures \old(out->length) <= out->length <=
      \old(out->length) + 200000; */
static void put_place(struct tw_text *out, const struct trowel_fault *fault)
{
	if (fault->type != 0)
		tw_code_put(out, TROWEL_TYPES, fault->type);
	else if (fault->offset >= 12 && fault->section < 4)
		tw_text_put_string(out,
			tw_string_at(
				SECTIONS, sizeof SECTIONS, fault->section));
	else
		return;
	if (fault->type == 0 && fault->section != TROWEL_QUESTION) {
		tw_labelled_put(out, " record ", (uint64_t)fault->record + 1);
	}
	if (fault->field_length > 0)
		tw_text_put(out, ' ');
	tw_characters_put(out, fault->field, fault->field_length);
	tw_text_put(out, ':');
	tw_text_put(out, ' ');
}
