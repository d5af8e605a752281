/* SPDX-License-Identifier: MIT */
/*
 * THE table: every RR type, its fields and where they are defined. A new type
 * of known kinds is one row here and one fixture. Rows stand by ascending
 * code; a test holds to that, and to one name for each field.
 *
 * The last string but two is how the fields stand over several lines, one
 * character a field: '.' behind a space, '?' likewise unless it is empty, 'n'
 * on a new line, '(' behind " (" on a new line, '<' likewise unless it is empty,
 * '[' behind "( ", ')' behind
 * " ) ", '-' not at all; and one for the end: ')' for " )", '}' for ")" on a
 * line of its own. An empty string: all on one line.
 */
#include "wire/rdata.h"

#define U8 TROWEL_KIND_U8
#define U16 TROWEL_KIND_U16
#define U32 TROWEL_KIND_U32
#define U48 TROWEL_KIND_U48
#define SERIAL TROWEL_KIND_SERIAL
#define TTL TROWEL_KIND_TTL
#define SIZE TROWEL_KIND_SIZE
#define TOP_BIT TROWEL_KIND_TOP_BIT
#define LOW_BITS TROWEL_KIND_LOW_BITS
#define TYPE TROWEL_KIND_TYPE
#define TYPES TROWEL_KIND_TYPES
#define OLD_TYPES TROWEL_KIND_OLD_TYPES
#define PORTS TROWEL_KIND_PORTS
#define TIME TROWEL_KIND_TIME
#define ALGORITHM TROWEL_KIND_ALGORITHM
#define CERT_TYPE TROWEL_KIND_CERT_TYPE
#define ERROR TROWEL_KIND_ERROR
#define SCHEME TROWEL_KIND_SCHEME
#define NAME TROWEL_KIND_NAME
#define PLAIN_NAME TROWEL_KIND_PLAIN_NAME
#define IPV4 TROWEL_KIND_IPV4
#define IPV6 TROWEL_KIND_IPV6
#define PREFIX TROWEL_KIND_PREFIX
#define STRING TROWEL_KIND_STRING
#define STRINGS TROWEL_KIND_STRINGS
#define TAG TROWEL_KIND_TAG
#define TEXT TROWEL_KIND_TEXT
#define OCTETS TROWEL_KIND_OCTETS
#define HEX TROWEL_KIND_HEX
#define DIGEST TROWEL_KIND_DIGEST
#define BASE64 TROWEL_KIND_BASE64
#define SIGNATURE TROWEL_KIND_SIGNATURE
#define KEY TROWEL_KIND_KEY
#define DHCID TROWEL_KIND_DHCID
#define SIZED TROWEL_KIND_SIZED
#define HIT TROWEL_KIND_HIT
#define HIP_KEY TROWEL_KIND_HIP_KEY
#define OBJECT TROWEL_KIND_OBJECT
#define SALT TROWEL_KIND_SALT
#define HASH TROWEL_KIND_HASH
#define NSAP TROWEL_KIND_NSAP
#define ATMA TROWEL_KIND_ATMA
#define EUI48 TROWEL_KIND_EUI48
#define EUI64 TROWEL_KIND_EUI64
#define NODE TROWEL_KIND_NODE
#define LOCATION TROWEL_KIND_LOCATION
#define PARAM TROWEL_KIND_PARAM
/* Forms that depend on octets before them; see tw_kind_here(). */
#define OPTIONAL_STRING TW_KIND_OPTIONAL_STRING
#define OPTIONAL_BASE64 TW_KIND_OPTIONAL_BASE64
#define NAMES TW_KIND_NAMES
#define GATEWAY TW_KIND_GATEWAY
#define RELAY TW_KIND_RELAY
#define A6_SUFFIX TW_KIND_A6_SUFFIX
#define A6_NAME TW_KIND_A6_NAME

#define ANY TW_CLASS_ANY
#define IN TW_CLASS_IN
#define META TW_CLASS_META

const struct tw_rrtype tw_rrtypes[] = {
	{ 1, IN, { IPV4 }, "A", "", "address", "RFC 1035 3.4.1" },
	{ 2, ANY, { NAME }, "NS", "", "nsdname", "RFC 1035 3.3.11" },
	{ 3, ANY, { NAME }, "MD", "", "madname", "RFC 1035 3.3.4" },
	{ 4, ANY, { NAME }, "MF", "", "madname", "RFC 1035 3.3.5" },
	{ 5, ANY, { NAME }, "CNAME", "", "cname", "RFC 1035 3.3.1" },
	{ 6, ANY, { NAME, NAME, SERIAL, TTL, TTL, TTL, TTL }, "SOA", "..(nnnn]",
		"mname rname serial refresh retry expire minimum",
		"RFC 1035 3.3.13" },
	{ 7, ANY, { NAME }, "MB", "", "madname", "RFC 1035 3.3.3" },
	{ 8, ANY, { NAME }, "MG", "", "mgmname", "RFC 1035 3.3.6" },
	{ 9, ANY, { NAME }, "MR", "", "newname", "RFC 1035 3.3.8" },
	{ 10, ANY, { OCTETS }, "NULL", "", "anything", "RFC 1035 3.3.10" },
	{ 11, IN, { IPV4, U8, PORTS }, "WKS", "", "address protocol ports",
		"RFC 1035 3.4.2" },
	{ 12, ANY, { NAME }, "PTR", "", "ptrdname", "RFC 1035 3.3.12" },
	{ 13, ANY, { STRING, STRING }, "HINFO", "", "cpu os",
		"RFC 1035 3.3.2" },
	{ 14, ANY, { NAME, NAME }, "MINFO", "", "rmailbx emailbx",
		"RFC 1035 3.3.7" },
	{ 15, ANY, { U16, NAME }, "MX", "", "preference exchange",
		"RFC 1035 3.3.9" },
	{ 16, ANY, { STRINGS }, "TXT", "", "txt-data", "RFC 1035 3.3.14" },
	{ 17, ANY, { NAME, NAME }, "RP", "", "mbox-dname txt-dname",
		"RFC 1183 2.2" },
	{ 18, ANY, { U16, NAME }, "AFSDB", "", "subtype hostname",
		"RFC 1183 1" },
	{ 19, ANY, { STRING }, "X25", "", "psdn-address", "RFC 1183 3.1" },
	{ 20, ANY, { STRING, OPTIONAL_STRING }, "ISDN", "", "isdn-address sa",
		"RFC 1183 3.2" },
	{ 21, ANY, { U16, NAME }, "RT", "", "preference intermediate-host",
		"RFC 1183 3.3" },
	{ 22, IN, { NSAP }, "NSAP", "", "nsap", "RFC 1706 5" },
	{ 23, IN, { NAME }, "NSAP-PTR", "", "owner", "RFC 1348" },
	{ 24, ANY, { TYPE, U8, U8, U32, TIME, TIME, U16, NAME, BASE64 }, "SIG",
		".....(..n)",
		"type-covered algorithm labels original-ttl "
		"signature-expiration signature-inception key-tag "
		"signers-name signature",
		"RFC 2535 4.1" },
	{ 25, ANY, { U16, U8, U8, KEY }, "KEY", "...(}",
		"flags protocol algorithm public-key", "RFC 2535 3.1" },
	{ 26, IN, { U16, NAME, NAME }, "PX", "", "preference map822 mapx400",
		"RFC 2163 4" },
	{ 27, ANY, { STRING, STRING, STRING }, "GPOS", "",
		"longitude latitude altitude", "RFC 1712 3" },
	{ 28, IN, { IPV6 }, "AAAA", "", "address", "RFC 3596 2.2" },
	{ 29, ANY, { LOCATION }, "LOC", "", "location", "RFC 1876 2" },
	{ 30, ANY, { NAME, OLD_TYPES }, "NXT", "", "next-domain-name types",
		"RFC 2535 5.2" },
	{ 31, IN, { HEX }, "EID", "[)", "endpoint-identifier",
		"draft-ietf-nimrod-dns-00 3.1" },
	{ 32, IN, { HEX }, "NIMLOC", "[)", "locator",
		"draft-ietf-nimrod-dns-00 3.2" },
	{ 33, IN, { U16, U16, U16, NAME }, "SRV", "",
		"priority weight port target", "RFC 2782" },
	{ 34, IN, { ATMA }, "ATMA", "", "address", "af-saa-0069.000 5" },
	{ 35, IN, { U16, U16, STRING, STRING, STRING, NAME }, "NAPTR", "",
		"order preference flags services regexp replacement",
		"RFC 3403 4.1" },
	{ 36, IN, { U16, PLAIN_NAME }, "KX", "", "preference exchanger",
		"RFC 2230 3.1" },
	{ 37, ANY, { CERT_TYPE, U16, ALGORITHM, BASE64 }, "CERT", "...()",
		"type key-tag algorithm certificate", "RFC 4398 2" },
	{ 38, IN, { U8, A6_SUFFIX, A6_NAME }, "A6", "",
		"prefix-length address-suffix prefix-name", "RFC 2874 3.1" },
	{ 39, ANY, { NAME }, "DNAME", "", "target", "RFC 6672 2.1" },
	{ 40, ANY, { U8, U8, U8, OPTIONAL_BASE64 }, "SINK", "...()",
		"meaning coding subcoding data",
		"draft-eastlake-kitchen-sink-02 2" },
	{ 41, ANY, { OCTETS }, "OPT", "", "options", "RFC 6891 6.1" },
	{ 42, IN, { PREFIX }, "APL", "", "prefixes", "RFC 3123 4" },
	{ 43, ANY, { U16, U8, U8, DIGEST }, "DS", "...()",
		"key-tag algorithm digest-type digest", "RFC 4034 5.1" },
	{ 44, ANY, { U8, U8, HEX }, "SSHFP", "..()",
		"algorithm fp-type fingerprint", "RFC 4255 3.1" },
	{ 45, ANY, { U8, U8, U8, GATEWAY, OPTIONAL_BASE64 }, "IPSECKEY",
		"[...n)",
		"precedence gateway-type algorithm gateway public-key",
		"RFC 4025 2.1" },
	{ 46, ANY,
		{ TYPE, U8, U8, U32, TIME, TIME, U16, PLAIN_NAME, SIGNATURE },
		"RRSIG", "....(...n)",
		"type-covered algorithm labels original-ttl "
		"signature-expiration signature-inception key-tag "
		"signers-name signature",
		"RFC 4034 3.1" },
	{ 47, ANY, { PLAIN_NAME, TYPES }, "NSEC", "", "next-domain-name types",
		"RFC 4034 4.1" },
	{ 48, ANY, { U16, U8, U8, KEY }, "DNSKEY", "...(}",
		"flags protocol algorithm public-key", "RFC 4034 2.1" },
	{ 49, IN, { DHCID }, "DHCID", "[)", "digest", "RFC 4701 3.1" },
	{ 50, ANY, { U8, U8, U16, SALT, HASH, TYPES }, "NSEC3", "....(n)",
		"hash-algorithm flags iterations salt next-hashed-owner-name "
		"types",
		"RFC 5155 3.2" },
	{ 51, ANY, { U8, U8, U16, SALT }, "NSEC3PARAM", "",
		"hash-algorithm flags iterations salt", "RFC 5155 4.2" },
	{ 52, ANY, { U8, U8, U8, HEX }, "TLSA", "...()",
		"certificate-usage selector matching-type "
		"certificate-association-data",
		"RFC 6698 2.1" },
	{ 53, ANY, { U8, U8, U8, HEX }, "SMIMEA", "...()",
		"certificate-usage selector matching-type "
		"certificate-association-data",
		"RFC 8162 2" },
	{ 55, ANY, { U8, U8, U16, HIT, HIP_KEY, NAMES }, "HIP", "-[-.nn)",
		"hit-length pk-algorithm pk-length hit public-key "
		"rendezvous-servers",
		"RFC 8005 5" },
	{ 56, ANY, { STRINGS }, "NINFO", "", "zs-data",
		"draft-reid-dnsext-zs-01" },
	{ 57, ANY, { U16, U8, U8, KEY }, "RKEY", "...(}",
		"flags protocol algorithm public-key",
		"draft-reid-dnsext-rkey-00" },
	{ 58, ANY, { PLAIN_NAME, PLAIN_NAME }, "TALINK", "", "previous next",
		"draft-wijngaards-dnsop-trust-history-02" },
	{ 59, ANY, { U16, U8, U8, DIGEST }, "CDS", "...()",
		"key-tag algorithm digest-type digest", "RFC 7344 3.1" },
	{ 60, ANY, { U16, U8, U8, KEY }, "CDNSKEY", "...(}",
		"flags protocol algorithm public-key", "RFC 7344 3.2" },
	{ 61, ANY, { SIGNATURE }, "OPENPGPKEY", "[)", "public-key",
		"RFC 7929 2.1" },
	{ 62, ANY, { SERIAL, U16, TYPES }, "CSYNC", "",
		"soa-serial flags types", "RFC 7477 2.1" },
	{ 63, ANY, { SERIAL, U8, U8, DIGEST }, "ZONEMD", "...()",
		"serial scheme hash-algorithm digest", "RFC 8976 2.2" },
	{ 64, IN, { U16, PLAIN_NAME, PARAM }, "SVCB", "",
		"priority target params", "RFC 9460 2.2" },
	{ 65, IN, { U16, PLAIN_NAME, PARAM }, "HTTPS", "",
		"priority target params", "RFC 9460 9" },
	{ 66, ANY, { TYPE, SCHEME, U16, PLAIN_NAME }, "DSYNC", "",
		"rrtype scheme port target", "RFC 9859 2.1" },
	{ 67, ANY, { BASE64 }, "HHIT", "[)", "entity-tag", "RFC 9886 5.1" },
	{ 68, ANY, { BASE64 }, "BRID", "[)", "broadcast-rid", "RFC 9886 5.2" },
	{ 99, ANY, { STRINGS }, "SPF", "", "txt-data", "RFC 7208 3.1" },
	{ 100, ANY, { OCTETS }, "UINFO", "", "rdata", "IANA-reserved" },
	{ 101, ANY, { OCTETS }, "UID", "", "rdata", "IANA-reserved" },
	{ 102, ANY, { OCTETS }, "GID", "", "rdata", "IANA-reserved" },
	{ 103, ANY, { OCTETS }, "UNSPEC", "", "rdata", "IANA-reserved" },
	{ 104, ANY, { U16, NODE }, "NID", "", "preference node-id",
		"RFC 6742 2.1" },
	{ 105, ANY, { U16, IPV4 }, "L32", "", "preference locator32",
		"RFC 6742 2.2" },
	{ 106, ANY, { U16, NODE }, "L64", "", "preference locator64",
		"RFC 6742 2.3" },
	{ 107, ANY, { U16, PLAIN_NAME }, "LP", "", "preference fqdn",
		"RFC 6742 2.4" },
	{ 108, ANY, { EUI48 }, "EUI48", "", "address", "RFC 7043 3.1" },
	{ 109, ANY, { EUI64 }, "EUI64", "", "address", "RFC 7043 4.1" },
	{ 128, ANY, { OCTETS }, "NXNAME", "", "rdata", "RFC 9824 3.4" },
	{ 249, META, { NAME, U32, U32, U16, ERROR, SIZE, SIZED, SIZE, SIZED },
		"TKEY", "......()<)",
		"algorithm inception expiration mode error key-size key-data "
		"other-size other-data",
		"RFC 2930 2" },
	{ 250, META, { NAME, U48, U16, SIZE, SIZED, U16, ERROR, SIZE, SIZED },
		"TSIG", "....<)...",
		"algorithm-name time-signed fudge mac-size mac original-id "
		"error other-len other-data",
		"RFC 8945 4.2" },
	{ 251, ANY, { OCTETS }, "IXFR", "", "rdata", "RFC 1995" },
	{ 252, ANY, { OCTETS }, "AXFR", "", "rdata", "RFC 5936" },
	{ 253, ANY, { OCTETS }, "MAILB", "", "rdata", "RFC 1035 3.2.3" },
	{ 254, ANY, { OCTETS }, "MAILA", "", "rdata", "RFC 1035 3.2.3" },
	{ 255, ANY, { OCTETS }, "ANY", "", "rdata", "RFC 1035 3.2.3" },
	{ 256, ANY, { U16, U16, TEXT }, "URI", "", "priority weight target",
		"RFC 7553 4.4" },
	{ 257, ANY, { U8, TAG, TEXT }, "CAA", "", "flags tag value",
		"RFC 8659 4.1" },
	{ 258, ANY, { STRINGS }, "AVC", "", "avc-data", "IANA-template" },
	{ 259, ANY, { U32, U32, U8, STRING, OBJECT }, "DOA", "",
		"enterprise type location media-type data",
		"draft-durand-doa-over-dns-03 3.2" },
	{ 260, ANY, { U8, TOP_BIT, LOW_BITS, RELAY }, "AMTRELAY", "",
		"precedence discovery-optional relay-type relay",
		"RFC 8777 4.1" },
	{ 261, ANY, { STRINGS }, "RESINFO", "", "resinfo-data", "RFC 9606 5" },
	{ 262, ANY, { STRINGS }, "WALLET", "", "wallet-data", "IANA-template" },
	{ 263, ANY, { OCTETS }, "CLA", "", "rdata", "IANA-template" },
	{ 264, ANY, { OCTETS }, "IPN", "", "rdata", "IANA-template" },
	{ 32768, ANY, { U16, U8, U8, DIGEST }, "TA", "...()",
		"key-tag algorithm digest-type digest", "IANA-template" },
	{ 32769, ANY, { U16, U8, U8, DIGEST }, "DLV", "...()",
		"key-tag algorithm digest-type digest", "RFC 4431 2" },
};

const size_t tw_rrtype_count = sizeof tw_rrtypes / sizeof tw_rrtypes[0];

const struct tw_rrtype *tw_rrtype_search(uint16_t code)
{
	size_t low = 0;
	size_t high = tw_rrtype_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tw_rrtypes[middle].code == code)
			return &tw_rrtypes[middle];
		if (tw_rrtypes[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
