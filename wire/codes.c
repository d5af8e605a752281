/* SPDX-License-Identifier: MIT */
/* The IANA registries "DNS parameters", by name and by number. */
#include "wire/codes.h"

#include "wire/cursor.h"
#include "wire/rdata.h"

struct code {
	uint16_t code;
	char name[18];
};

/* RFC 1035 3.2.4, RFC 2136 2.4, RFC 2929 3.2 */
static const struct code classes[] = {
	{ 1, "IN" },
	{ 3, "CH" },
	{ 4, "HS" },
	{ 254, "NONE" },
	{ 255, "ANY" },
	{ 3, "CHAOS" },
	{ 4, "HESIOD" },
};

/* RFC 1035 4.1.1, RFC 1996, RFC 2136 */
static const struct code opcodes[] = {
	{ 0, "QUERY" },
	{ 1, "IQUERY" },
	{ 2, "STATUS" },
	{ 4, "NOTIFY" },
	{ 5, "UPDATE" },
};

/* RFC 1035 4.1.1, RFC 2136 2.2, RFC 6891 9, RFC 7873 8 */
static const struct code rcodes[] = {
	{ 0, "NOERROR" },
	{ 1, "FORMERR" },
	{ 2, "SERVFAIL" },
	{ 3, "NXDOMAIN" },
	{ 4, "NOTIMP" },
	{ 5, "REFUSED" },
	{ 6, "YXDOMAIN" },
	{ 7, "YXRRSET" },
	{ 8, "NXRRSET" },
	{ 9, "NOTAUTH" },
	{ 10, "NOTZONE" },
	{ 16, "BADVERS" },
	{ 23, "BADCOOKIE" },
};

/* EDNS0 option codes, RFC 6891 9 and the RFCs that registered each */
static const struct code options[] = {
	{ 1, "LLQ" },
	{ 2, "UL" },
	{ 3, "NSID" },
	{ 5, "DAU" },
	{ 6, "DHU" },
	{ 7, "N3U" },
	{ 8, "CLIENT-SUBNET" },
	{ 9, "EXPIRE" },
	{ 10, "COOKIE" },
	{ 11, "TCP-KEEPALIVE" },
	{ 12, "PADDING" },
	{ 13, "CHAIN" },
	{ 14, "KEY-TAG" },
	{ 15, "EDE" },
	{ 16, "CLIENT-TAG" },
	{ 17, "SERVER-TAG" },
	{ 18, "REPORT-CHANNEL" },
	{ 19, "ZONEVERSION" },
};

/* RFC 8914 5.2 and the registry after it, by code */
static const char errors[][31] = {
	"Other",
	"Unsupported DNSKEY Algorithm",
	"Unsupported DS Digest Type",
	"Stale Answer",
	"Forged Answer",
	"DNSSEC Indeterminate",
	"DNSSEC Bogus",
	"Signature Expired",
	"Signature Not Yet Valid",
	"DNSKEY Missing",
	"RRSIGs Missing",
	"No Zone Key Bit Set",
	"NSEC Missing",
	"Cached Error",
	"Not Ready",
	"Blocked",
	"Censored",
	"Filtered",
	"Prohibited",
	"Stale NXDOMAIN Answer",
	"Not Authoritative",
	"Not Supported",
	"No Reachable Authority",
	"Network Error",
	"Invalid Data",
	"Signature Expired before Valid",
	"Too Early",
	"Unsupported NSEC3 Iterations",
	"Unable to conform to policy",
	"Synthesized",
	"Invalid Query Type",
};

/* RFC 8624 3.1 and the registry; RFC 4398 2.1 refers to it as well */
static const struct code algorithms[] = {
	{ 1, "RSAMD5" },
	{ 2, "DH" },
	{ 3, "DSA" },
	{ 5, "RSASHA1" },
	{ 6, "NSEC3DSA" },
	{ 7, "NSEC3RSASHA1" },
	{ 8, "RSASHA256" },
	{ 10, "RSASHA512" },
	{ 12, "ECCGOST" },
	{ 13, "ECDSAP256SHA256" },
	{ 14, "ECDSAP384SHA384" },
	{ 15, "ED25519" },
	{ 16, "ED448" },
	{ 252, "INDIRECT" },
	{ 253, "PRIVATEDNS" },
	{ 254, "PRIVATEOID" },
};

/* RFC 4398 2.1 */
static const struct code cert_types[] = {
	{ 1, "PKIX" },
	{ 2, "SPKI" },
	{ 3, "PGP" },
	{ 4, "IPKIX" },
	{ 5, "ISPKI" },
	{ 6, "IPGP" },
	{ 7, "ACPKIX" },
	{ 8, "IACPKIX" },
	{ 253, "URI" },
	{ 254, "OID" },
};

/* RFC 8945 3, RFC 2930 2.6; below them the RCODEs */
static const struct code tsig_errors[] = {
	{ 16, "BADSIG" },
	{ 17, "BADKEY" },
	{ 18, "BADTIME" },
	{ 19, "BADMODE" },
	{ 20, "BADNAME" },
	{ 21, "BADALG" },
	{ 22, "BADTRUNC" },
	{ 23, "BADCOOKIE" },
};

/* RFC 9859 2.1 */
static const struct code schemes[] = {
	{ 1, "NOTIFY" },
};

/* RFC 9460 14.3.2; dig names those */
static const struct code params[] = {
	{ 0, "mandatory" },
	{ 1, "alpn" },
	{ 2, "no-default-alpn" },
	{ 3, "port" },
	{ 4, "ipv4hint" },
	{ 5, "ech" },
	{ 6, "ipv6hint" },
};

struct registry {
	const struct code *codes;
	size_t count;
	const char *prefix; /* before the number of a code without a name */
	bool parses_prefix; /* and in text that is read */
};

#define TABLE(table) table, sizeof table / sizeof table[0]

static const struct registry registries[] = {
	[TROWEL_TYPES] = { NULL, 0, "TYPE", true },
	[TROWEL_CLASSES] = { TABLE(classes), "CLASS", true },
	[TROWEL_OPCODES] = { TABLE(opcodes), "RESERVED", true },
	[TROWEL_RCODES] = { TABLE(rcodes), "?", false },
	[TROWEL_OPTIONS] = { TABLE(options), "OPT", true },
	[TROWEL_ERRORS] = { NULL, 0, NULL, false },
	[TROWEL_ALGORITHMS] = { TABLE(algorithms), "", true },
	[TROWEL_CERT_TYPES] = { TABLE(cert_types), "", true },
	[TROWEL_TSIG_ERRORS] = { TABLE(tsig_errors), "", true },
	[TROWEL_SCHEMES] = { TABLE(schemes), "", true },
	[TROWEL_PARAMS] = { TABLE(params), "key", true },
};

#define ERRORS_COUNT (sizeof errors / sizeof errors[0])

static const char *name_of_entry(const struct registry *names, uint16_t code)
{
	for (size_t i = 0; i < names->count; i++)
		if (names->codes[i].code == code)
			return names->codes[i].name;
	return NULL;
}

static const char *name_of(enum trowel_registry registry, uint16_t code)
{
	const struct registry *names = &registries[registry];

	if (registry == TROWEL_TYPES) {
		const struct tw_rrtype *row = tw_rrtype_find(code);

		return row != NULL ? tw_rrtype_mnemonic(row) : NULL;
	}
	if (registry == TROWEL_ERRORS)
		return code < ERRORS_COUNT ? errors[code] : NULL;
	if (registry == TROWEL_TSIG_ERRORS && code < 16)
		return name_of_entry(&registries[TROWEL_RCODES], code);
	return name_of_entry(names, code);
}

const char *tw_code_name(
	enum trowel_registry registry, uint16_t code, uint8_t *length)
{
	const char *name = name_of(registry, code);

	*length = 0;
	while (name != NULL && name[*length] != '\0')
		(*length)++;
	return name;
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

void tw_code_put(
	struct tw_text *text, enum trowel_registry registry, uint16_t code)
{
	const char *name = name_of(registry, code);
	const char *prefix = registries[registry].prefix;

	if (name != NULL) {
		tw_text_put_string(text, name);
	} else if (registry == TROWEL_RCODES && code >= 11 && code <= 15) {
		tw_text_put_string(text, "RESERVED");
		tw_number_put(text, code);
	} else if (prefix != NULL) {
		tw_text_put_string(text, prefix);
		tw_number_put(text, code);
	}
}

size_t trowel_code_format(enum trowel_registry registry, uint16_t code,
	char text[TROWEL_CODE_TEXT_SIZE])
{
	struct tw_text out = { text, TROWEL_CODE_TEXT_SIZE, 0 };

	tw_code_put(&out, registry, code);
	tw_text_end(&out);
	return out.length;
}

static bool is_same(const char *text, size_t length, const char *name)
{
	for (size_t i = 0; i < length; i++)
		if (name[i] == '\0' ||
			tw_lower(tw_octet_of(text[i])) !=
				tw_lower(tw_octet_of(name[i])))
			return false;
	return name[length] == '\0';
}

/* "TYPE65280": digits behind the prefix, up to 65535. */
static bool parse_number(
	const char *text, size_t length, const char *prefix, uint16_t *code)
{
	size_t start = 0;
	uint32_t number = 0;

	while (prefix[start] != '\0')
		start++;
	if (length <= start || length - start > 5)
		return false;
	for (size_t i = 0; i < start; i++)
		if (tw_lower(tw_octet_of(text[i])) !=
			tw_lower(tw_octet_of(prefix[i])))
			return false;
	for (size_t i = start; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		number = number * 10 + (uint32_t)(text[i] - '0');
	}
	if (number > 65535)
		return false;
	*code = (uint16_t)number;
	return true;
}

/* The code of a name among those of a registry. */
static bool find_code(const struct registry *names, const char *text,
	size_t length, uint16_t *code)
{
	for (size_t i = 0; i < names->count; i++)
		if (is_same(text, length, names->codes[i].name)) {
			*code = names->codes[i].code;
			return true;
		}
	return false;
}

static bool find_type(const char *text, size_t length, uint16_t *code)
{
	for (size_t i = 0; i < tw_rrtype_count; i++)
		if (is_same(text, length, tw_rrtype_mnemonic(&tw_rrtypes[i]))) {
			*code = tw_rrtypes[i].code;
			return true;
		}
	return false;
}

static bool find_error(const char *text, size_t length, uint16_t *code)
{
	for (uint16_t i = 0; i < ERRORS_COUNT; i++)
		if (is_same(text, length, errors[i])) {
			*code = i;
			return true;
		}
	return false;
}

bool trowel_code_parse(enum trowel_registry registry, const char *text,
	size_t length, uint16_t *code)
{
	const struct registry *names = &registries[registry];
	uint16_t rcode;

	if (find_code(names, text, length, code) ||
		(registry == TROWEL_TYPES && find_type(text, length, code)) ||
		(registry == TROWEL_ERRORS && find_error(text, length, code)))
		return true;
	/* RFC 8945 3: below 16 they are the RCODEs. */
	if (registry == TROWEL_TSIG_ERRORS &&
		find_code(&registries[TROWEL_RCODES], text, length, &rcode) &&
		rcode < 16) {
		*code = rcode;
		return true;
	}
	return names->parses_prefix &&
		parse_number(text, length, names->prefix, code);
}

static const char *const sentences[TROWEL_STATUS_COUNT] = {
	[TROWEL_OK] = "no error",
	[TROWEL_EMPTY_LABEL] = "empty label",
	[TROWEL_LABEL_TOO_LONG] = "label over 63 octets",
	[TROWEL_NAME_TOO_LONG] = "name over 255 octets",
	[TROWEL_BAD_ESCAPE] = "escape that is neither \\X nor \\DDD up to 255",
	[TROWEL_SHORT_MESSAGE] = "message shorter than a header",
	[TROWEL_MESSAGE_TOO_LONG] = "message too long",
	[TROWEL_CUT_SHORT] = "message ends too early",
	[TROWEL_BAD_LABEL_TYPE] = "label type that does not exist",
	[TROWEL_BAD_POINTER] = "compression pointer does not point back",
	[TROWEL_POINTER_INTO_HEADER] =
		"compression pointer points into the header",
	[TROWEL_POINTER_FORBIDDEN] =
		"compression pointer where the type allows none",
	[TROWEL_TOO_MANY_POINTERS] = "too many compression pointers",
	[TROWEL_TOO_MANY_QUESTIONS] = "more than one question",
	[TROWEL_RDATA_TOO_SHORT] = "runs past the end of its RDATA",
	[TROWEL_RDATA_TOO_LONG] = "octets left over at the end of the RDATA",
	[TROWEL_BAD_VALUE] = "value that the type forbids",
	[TROWEL_MISPLACED_OPT] =
		"OPT not at the root of the additional section",
	[TROWEL_SECOND_OPT] = "second OPT",
	[TROWEL_ALIAS_LOOP] = "CNAMEs lead in a circle or too far",
	[TROWEL_ALIAS_CONFLICT] = "CNAME beside other data",
	[TROWEL_NO_SPACE] = "too little space",
	[TROWEL_BAD_ARGUMENT] = "argument out of range",
	[TROWEL_BAD_ADDRESS] = "not an IPv4 or IPv6 address",
	[TROWEL_BAD_OPTION] = "option not understood",
	[TROWEL_NO_SERVERS] = "no server to ask",
	[TROWEL_NO_MEMORY] = "out of memory",
	[TROWEL_NO_RANDOM] = "the system has no random numbers to give",
	[TROWEL_CANNOT_READ] = "file cannot be read",
	[TROWEL_SYSTEM_ERROR] = "system call failed",
	[TROWEL_TIMED_OUT] = "timed out",
	[TROWEL_UNREACHABLE] = "no server could be reached",
	[TROWEL_MALFORMED_ANSWER] = "malformed answer",
	[TROWEL_CONNECTION_CLOSED] = "connection closed before the answer",
	[TROWEL_SERVER_FAILED] = "the servers failed",
	[TROWEL_NO_SUCH_NAME] = "no such name (NXDOMAIN)",
	[TROWEL_NO_DATA] = "the name has no such data",
};

const char *trowel_status_text(enum trowel_status status)
{
	if ((unsigned)status >= TROWEL_STATUS_COUNT)
		return "unknown status";
	return sentences[status];
}

/* "SRV target: ", where the record and its field are known. */
static void put_place(struct tw_text *out, const struct trowel_fault *fault)
{
	static const char *const sections[] = { "question", "answer",
		"authority", "additional" };

	if (fault->type != 0)
		tw_code_put(out, TROWEL_TYPES, fault->type);
	else if (fault->offset >= 12 && fault->section < 4)
		tw_text_put_string(out, sections[fault->section]);
	else
		return;
	if (fault->type == 0 && fault->section != TROWEL_QUESTION) {
		tw_text_put_string(out, " record ");
		tw_number_put(out, (uint64_t)fault->record + 1);
	}
	if (fault->field_length > 0)
		tw_text_put(out, ' ');
	for (size_t i = 0; i < fault->field_length; i++)
		tw_text_put(out, fault->field[i]);
	tw_text_put_string(out, ": ");
}

size_t trowel_fault_format(
	const struct trowel_fault *fault, char *text, size_t size)
{
	struct tw_text out = { text, size, 0 };

	put_place(&out, fault);
	tw_text_put_string(&out, trowel_status_text(fault->status));
	tw_text_put_string(&out, " (byte ");
	tw_number_put(&out, fault->offset);
	tw_text_put(&out, ')');
	tw_text_end(&out);
	return out.length;
}
