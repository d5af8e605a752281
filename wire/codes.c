/* SPDX-License-Identifier: MIT */
/* The IANA registries "DNS parameters", by name and by number; what went wrong,
 * in words. */
#include "wire/codes.h"

#include "wire/cursor.h"
#include "wire/rdata.h"
#include "wire/text.h"

/* A name out of a registry; there need be no NUL behind it. */
struct entry {
	uint16_t code;
	const char *name;
	size_t length;
};

/* A string for each of enum trowel_registry, in that order: what stands before
 * the number of a code without a name; then codes and names, each behind a
 * comma. Those of the types are in rrtypes.def. */
static const char registries[] =
	"TYPE\0"
	/* RFC 1035 3.2.4, RFC 2136 2.4, RFC 2929 3.2 */
	"CLASS,1 IN,3 CH,4 HS,254 NONE,255 ANY,3 CHAOS,4 HESIOD\0"
	/* RFC 1035 4.1.1, RFC 1996, RFC 2136 */
	"RESERVED,0 QUERY,1 IQUERY,2 STATUS,4 NOTIFY,5 UPDATE\0"
	/* RFC 1035 4.1.1, RFC 2136 2.2, RFC 6891 9, RFC 7873 8 */
	"?,0 NOERROR,1 FORMERR,2 SERVFAIL,3 NXDOMAIN,4 NOTIMP,5 REFUSED,"
	"6 YXDOMAIN,7 YXRRSET,8 NXRRSET,9 NOTAUTH,10 NOTZONE,16 BADVERS,"
	"23 BADCOOKIE\0"
	/* EDNS0 option codes, RFC 6891 9 and the RFCs that registered each */
	"OPT,1 LLQ,2 UL,3 NSID,5 DAU,6 DHU,7 N3U,8 CLIENT-SUBNET,9 EXPIRE,"
	"10 COOKIE,11 TCP-KEEPALIVE,12 PADDING,13 CHAIN,14 KEY-TAG,15 EDE,"
	"16 CLIENT-TAG,17 SERVER-TAG,18 REPORT-CHANNEL,19 ZONEVERSION\0"
	/* RFC 8914 5.2 and the registry after it */
	",0 Other,1 Unsupported DNSKEY Algorithm,2 Unsupported DS Digest Type,"
	"3 Stale Answer,4 Forged Answer,5 DNSSEC Indeterminate,6 DNSSEC Bogus,"
	"7 Signature Expired,8 Signature Not Yet Valid,9 DNSKEY Missing,"
	"10 RRSIGs Missing,11 No Zone Key Bit Set,12 NSEC Missing,"
	"13 Cached Error,14 Not Ready,15 Blocked,16 Censored,17 Filtered,"
	"18 Prohibited,19 Stale NXDOMAIN Answer,20 Not Authoritative,"
	"21 Not Supported,22 No Reachable Authority,23 Network Error,"
	"24 Invalid Data,25 Signature Expired before Valid,26 Too Early,"
	"27 Unsupported NSEC3 Iterations,28 Unable to conform to policy,"
	"29 Synthesized,30 Invalid Query Type\0"
	/* RFC 8624 3.1 and the registry; RFC 4398 2.1 refers to it as well */
	",1 RSAMD5,2 DH,3 DSA,5 RSASHA1,6 NSEC3DSA,7 NSEC3RSASHA1,8 RSASHA256,"
	"10 RSASHA512,12 ECCGOST,13 ECDSAP256SHA256,14 ECDSAP384SHA384,"
	"15 ED25519,16 ED448,252 INDIRECT,253 PRIVATEDNS,254 PRIVATEOID\0"
	/* RFC 4398 2.1 */
	",1 PKIX,2 SPKI,3 PGP,4 IPKIX,5 ISPKI,6 IPGP,7 ACPKIX,8 IACPKIX,"
	"253 URI,254 OID\0"
	/* RFC 8945 3, RFC 2930 2.6; below them the RCODEs */
	",16 BADSIG,17 BADKEY,18 BADTIME,19 BADMODE,20 BADNAME,21 BADALG,"
	"22 BADTRUNC,23 BADCOOKIE\0"
	/* RFC 9859 2.1 */
	",1 NOTIFY\0"
	/* RFC 9460 14.3.2; dig names those */
	"key,0 mandatory,1 alpn,2 no-default-alpn,3 port,4 ipv4hint,5 ech,"
	"6 ipv6hint";

/* A string for each of enum trowel_status, in that order. */
static const char sentences[] =
	"no error\0"
	"empty label\0"
	"label over 63 octets\0"
	"name over 255 octets\0"
	"escape that is neither \\X nor \\DDD up to 255\0"
	"message shorter than a header\0"
	"message too long\0"
	"message ends too early\0"
	"label type that does not exist\0"
	"compression pointer does not point back\0"
	"compression pointer points into the header\0"
	"compression pointer where the type allows none\0"
	"too many compression pointers\0"
	"more than one question\0"
	"runs past the end of its RDATA\0"
	"octets left over at the end of the RDATA\0"
	"value that the type forbids\0"
	"OPT not at the root of the additional section\0"
	"second OPT\0"
	"CNAMEs lead in a circle or too far\0"
	"CNAME beside other data\0"
	"too little space\0"
	"argument out of range\0"
	"not an IPv4 or IPv6 address\0"
	"no server to ask\0"
	"out of memory\0"
	"the system has no random numbers to give\0"
	"file cannot be read\0"
	"system call failed\0"
	"timed out\0"
	"no server could be reached\0"
	"malformed answer\0"
	"connection closed before the answer\0"
	"the servers failed\0"
	"no such name (NXDOMAIN)\0"
	"the name has no such data";

static bool find_name(
	enum trowel_registry registry, uint16_t code, struct entry *entry);
static bool find_code(enum trowel_registry registry, const char *text,
	size_t length, uint16_t *code);
static size_t length_of(const char *text);
static bool parse_number(
	const char *text, size_t length, const char *prefix, uint16_t *code);
static void put_place(struct tw_text *out, const struct trowel_fault *fault);

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
	const char *prefix = tw_string_at(registries, registry);
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
			!parse_number(text, length,
				tw_string_at(registries, registry), &found)))
		return false;
	*code = found;
	return true;
}

const char *trowel_status_text(enum trowel_status status)
{
	if ((unsigned)status >= TROWEL_STATUS_COUNT)
		return "unknown status";
	return tw_string_at(sentences, status);
}

size_t trowel_fault_format(
	const struct trowel_fault *fault, char *text, size_t size)
{
	struct tw_text out = { text, size, 0 };

	put_place(&out, fault);
	tw_text_put_string(&out, trowel_status_text(fault->status));
	tw_labelled_put(&out, " (byte ", fault->offset);
	tw_text_put(&out, ')');
	tw_text_end(&out);
	return out.length;
}

/* The characters before a comma or the end. */
static size_t length_of(const char *text)
{
	size_t length = 0;

	while (text[length] != '\0' && text[length] != ',')
		length++;
	return length;
}

/* The number in text[*at .. end), of which there are up to nine digits. Moves
 * behind them. */
static uint32_t take_number(const char *text, size_t end, size_t *at)
{
	uint32_t number = 0;

	for (; *at < end && text[*at] >= '0' && text[*at] <= '9'; (*at)++)
		number = number * 10 + (uint32_t)(text[*at] - '0');
	return number;
}

/* The entry behind the comma at *at. False at the end of the registry. */
static bool next_entry(const char *registry, size_t *at, struct entry *entry)
{
	if (registry[*at] != ',')
		return false;
	(*at)++;
	entry->code = (uint16_t)take_number(registry, *at + 5, at);
	entry->name = registry + *at + 1;
	entry->length = length_of(entry->name);
	*at += entry->length + 1;
	return true;
}

/* Whether `length` characters are alike, in letters of either case. */
static bool is_same(const char *a, const char *b, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (tw_lower(tw_octet_of(a[i])) != tw_lower(tw_octet_of(b[i])))
			return false;
	return true;
}

static bool find_type(const char *text, size_t length, uint16_t *code)
{
	for (size_t i = 0; i < TW_RRTYPE_COUNT; i++) {
		const char *name = tw_rrtype_mnemonic(&tw_rrtypes[i]);

		*code = tw_rrtypes[i].code;
		if (length_of(name) == length && is_same(text, name, length))
			return true;
	}
	return false;
}

/* The entry of a name, or of a code if that is NULL. */
static bool find_entry(enum trowel_registry registry, const char *text,
	size_t length, struct entry *entry, uint16_t code)
{
	const char *names = tw_string_at(registries, registry);
	size_t at = length_of(names);

	while (next_entry(names, &at, entry))
		if (text == NULL ? entry->code == code
				 : entry->length == length &&
					is_same(text, entry->name, length))
			return true;
	return false;
}

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
static bool parse_number(
	const char *text, size_t length, const char *prefix, uint16_t *code)
{
	size_t at = length_of(prefix);
	uint32_t number;

	if (length <= at || length - at > 5 || !is_same(text, prefix, at))
		return false;
	number = take_number(text, length, &at);
	*code = (uint16_t)number;
	return at == length && number <= 65535;
}

void tw_number_put(struct tw_text *text, uint64_t number)
{
	char digits[20];
	size_t count = 0;

	do {
		digits[count] = (char)('0' + number % 10);
		number /= 10;
		count++;
	} while (number > 0);
	while (count > 0) {
		count--;
		tw_text_put(text, digits[count]);
	}
}

/* "SRV target: ", where the record and its field are known. */
static void put_place(struct tw_text *out, const struct trowel_fault *fault)
{
	if (fault->type != 0)
		tw_code_put(out, TROWEL_TYPES, fault->type);
	else if (fault->offset >= 12 && fault->section < 4)
		tw_text_put_string(out,
			tw_string_at("question\0answer\0authority\0additional",
				fault->section));
	else
		return;
	if (fault->type == 0 && fault->section != TROWEL_QUESTION) {
		tw_labelled_put(out, " record ", (uint64_t)fault->record + 1);
	}
	if (fault->field_length > 0)
		tw_text_put(out, ' ');
	tw_characters_put(out, fault->field, fault->field_length);
	tw_text_put_string(out, ": ");
}
