/* SPDX-License-Identifier: MIT */
#include "tests/ldns_kinds.h"

#include "tests/check.h"
#include "tests/ldns_predicates.h"

#define REFUSED KIND_STAGE(TROWEL_REFUSES)
#define THEIRS (KIND_STAGE(LDNS_REFUSES) | KIND_STAGE(LDNS_MISREADS))
#define MESSAGE KIND_STAGE(OTHER_MESSAGE)
#define CONTENT KIND_STAGE(OTHER_CONTENT)
#define NONE KIND_STAGE(NO_TEXT)
#define TEXT KIND_STAGE(OTHER_TEXT)
#define WORD KIND_STAGE(OTHER_WORD)

#define POINTER_RULE "RFC 1035 4.1.4: a prior occurrence of the name"
#define RDLENGTH_RULE "RFC 1035 3.2.1: RDLENGTH is the length of the RDATA"

const struct kind kinds[] = {
	{ REFUSED, 0, 0, kind_is_nsap_ptr_fault,
		"NSAP-PTR: ldns reads a string where a name is", "trowel",
		"RFC 1348" },
	{ REFUSED, 0, 0, kind_is_unread,
		"RDATA of a type that ldns does not know, or takes as octets: "
		"it does not look into it",
		"trowel", "the type's own RFC" },
	{ REFUSED, TROWEL_TOO_MANY_QUESTIONS, 0, NULL,
		"two questions in a QUERY", "trowel", "RFC 9619 4" },
	{ REFUSED, TROWEL_MISPLACED_OPT, 0, NULL,
		"OPT outside the additional section, or not at the root",
		"trowel", "RFC 6891 6.1.1" },
	{ REFUSED, TROWEL_SECOND_OPT, 0, NULL, "a second OPT", "trowel",
		"RFC 6891 6.1.1" },
	{ REFUSED, TROWEL_RDATA_TOO_SHORT, 0, kind_is_opt_cut,
		"an option that runs past the OPT", "trowel",
		"RFC 6891 6.1.2" },
	{ REFUSED, TROWEL_BAD_POINTER, 0, NULL,
		"a pointer that does not point back", "trowel", POINTER_RULE },
	{ REFUSED, TROWEL_POINTER_INTO_HEADER, 0, NULL,
		"a pointer into the header", "trowel", POINTER_RULE },
	{ REFUSED, TROWEL_TOO_MANY_POINTERS, 0, NULL,
		"127 pointers or more in a name, which has at most 127 labels",
		"trowel", "RFC 1035 2.3.4, RFC 9267 2" },
	{ REFUSED, TROWEL_POINTER_FORBIDDEN, 0, NULL,
		"a pointer in RDATA that must not be compressed", "trowel",
		"RFC 3597 4, and the type's own RFC" },
	{ REFUSED, TROWEL_RDATA_TOO_SHORT, 0, kind_is_list_cut,
		"a parameter, prefix or bitmap that runs past its RDATA",
		"trowel", "RFC 9460 2.2, RFC 3123 4, RFC 4034 4.1.2" },
	{ REFUSED, TROWEL_RDATA_TOO_SHORT, 0, kind_is_name_cut,
		"RDATA that ends before a name, or inside of one; ldns takes "
		"the name from what follows, or leaves it out",
		"trowel", RDLENGTH_RULE },
	{ REFUSED, TROWEL_RDATA_TOO_SHORT, 0, NULL,
		"RDATA that ends before its fields do: ldns leaves the rest "
		"out",
		"trowel", RDLENGTH_RULE },
	{ REFUSED, TROWEL_RDATA_TOO_LONG, 0, NULL,
		"octets behind the last field: ldns takes them for the next "
		"record",
		"trowel", RDLENGTH_RULE },
	{ REFUSED, TROWEL_BAD_VALUE, TROWEL_KIND_TYPES, NULL,
		"a type bitmap out of order, empty, too long, or with 0 at its "
		"end",
		"trowel", "RFC 4034 4.1.2" },
	{ REFUSED, TROWEL_BAD_VALUE, TROWEL_KIND_OLD_TYPES, NULL,
		"a bitmap over 16 octets in NXT", "trowel", "RFC 2535 5.2" },
	{ REFUSED, TROWEL_BAD_VALUE, TROWEL_KIND_PARAM, NULL,
		"SvcParamKeys not in ascending order", "trowel",
		"RFC 9460 2.2" },
	{ REFUSED, TROWEL_BAD_VALUE, TROWEL_KIND_PREFIX, NULL,
		"an APL prefix or address longer than its family has", "trowel",
		"RFC 3123 4.1, 4.2" },
	{ REFUSED, TROWEL_BAD_VALUE, TROWEL_KIND_TAG, NULL, "an empty CAA tag",
		"trowel", "RFC 8659 4.1" },
	{ REFUSED, TROWEL_BAD_VALUE, TROWEL_KIND_HASH, NULL,
		"an empty hash in NSEC3", "trowel", "RFC 5155 3.2" },

	{ REFUSED, TROWEL_BAD_VALUE, 0, kind_is_hip_fault,
		"HIP without a HIT or a key", "trowel", "RFC 8005 5" },

	{ THEIRS, 0, 0, kind_is_signature_broken,
		"TSIG or TKEY with RDATA that is not as it should be: trowel, "
		"which verifies none, passes it on as octets",
		"ldns, for who verifies", "RFC 8945 5.2" },
	{ THEIRS, 0, 0, kind_is_of_no_class,
		"class NONE or ANY with RDATA that is not the type's", "trowel",
		"RFC 2136 2.4, 2.5" },
	{ THEIRS, 0, 0, difference_is_opaque,
		"a type of class IN alone, in another class, with RDATA that "
		"is not the type's",
		"trowel", "RFC 1035 3.4, RFC 3597 3" },
	{ THEIRS, 0, 0, kind_is_sink,
		"SINK: ldns reads one octet, and goes on inside of the RDATA",
		"trowel", RDLENGTH_RULE },
	{ THEIRS | CONTENT | TEXT, 0, 0, kind_is_nsap_ptr,
		"NSAP-PTR: ldns reads a string where a name is", "trowel",
		"RFC 1348" },

	{ MESSAGE, 0, 0, kind_is_z, "the Z bit: ldns drops it", "trowel",
		"RFC 1035 4.1.1" },
	{ MESSAGE, 0, 0, kind_is_tsig_inside,
		"a TSIG before other records: ldns does not read the last one, "
		"and says nothing",
		"trowel; who verifies refuses",
		"RFC 1035 4.1.1, RFC 8945 5.2" },
	{ CONTENT, 0, 0, kind_is_opaque_rdata,
		"ldns follows pointers in RDATA of another class than the "
		"type's",
		"trowel", "RFC 3597 4" },

	{ NONE, 0, 0, difference_is_opaque,
		"RDATA that is not the type's, in a class that is not the "
		"type's: ldns has no text",
		"trowel", "RFC 3597 5" },
	{ NONE, 0, 0, kind_is_gateway_unknown,
		"IPSECKEY of an unknown gateway type, and nothing behind it: "
		"ldns has no text",
		"trowel", "RFC 3597 5" },
	{ NONE, 0, 0, kind_has_no_key,
		"IPSECKEY without a key: ldns has no text", "trowel",
		"RFC 4025 2.4" },
	{ NONE, 0, 0, kind_is_tag,
		"a CAA tag of other than letters and digits: ldns has no text",
		"both", "RFC 8659 4.1" },
	{ NONE, 0, 0, kind_is_svcb,
		"a SvcParamValue that is not as its key has it: ldns has no "
		"text",
		"both", "RFC 9460 2.2" },
	{ TEXT, 0, 0, kind_is_escape,
		"\" @ $ in a name: trowel puts a backslash before them",
		"trowel", "RFC 1035 5.1" },
	{ TEXT, 0, 0, kind_is_empty_list,
		"an empty APL: trowel writes nothing, ldns \\# 0", "both",
		"RFC 3123 5, RFC 3597 5" },
	{ TEXT, 0, 0, kind_is_theirs_generic,
		"a type for which ldns has no form: \\# and hex", "trowel",
		"RFC 3597 5; the type's own RFC" },
	{ TEXT, 0, 0, kind_is_opaque_text,
		"a type of class IN alone, in another class: trowel writes \\# "
		"and hex",
		"trowel", "RFC 1035 3.4, RFC 3597 5" },
	{ TEXT, 0, 0, kind_is_location_unknown,
		"LOC of an unknown version, or not on the globe: ldns writes "
		"bare hex, or angles over 180 degrees",
		"trowel", "RFC 1876 2, RFC 3597 5" },
	{ TEXT, 0, 0, kind_is_gateway_text,
		"IPSECKEY of an unknown gateway type: ldns writes \".\", and "
		"the gateway as a part of the key",
		"trowel", "RFC 4025 2.3, RFC 3597 5" },
	{ TEXT, 0, 0, kind_is_family_unknown,
		"APL of an unknown family: ldns writes a sentence", "trowel",
		"RFC 3597 5" },
	{ TEXT, 0, 0, kind_is_nxt, "NXT: ldns writes its bitmap as \\# and hex",
		"trowel", "RFC 2535 5.3" },
	{ TEXT, 0, 0, kind_is_atma, "ATMA: ldns writes all of it in hex",
		"trowel", "af-saa-0069 5" },

	{ WORD, 0, 0, kind_is_hex_case,
		"hex: trowel in capitals, ldns in small", "both",
		"RFC 4648 8" },
	{ WORD, 0, 0, kind_is_hash_padding,
		"NSEC3: ldns fills the hash up with =", "trowel",
		"RFC 5155 3.3" },
	{ WORD, 0, 0, kind_is_hash_case,
		"NSEC3: trowel has the hash in capitals, ldns in small", "both",
		"RFC 5155 3.3, RFC 4648 7" },
	{ WORD, 0, 0, kind_is_dohpath,
		"SvcParamKey 7: trowel, as dig, has key7, ldns dohpath", "both",
		"RFC 9460 2.1, RFC 9461 5" },
	{ WORD, 0, 0, kind_is_empty_value,
		"CAA, URI with an empty last field: ldns leaves it out",
		"trowel", "RFC 8659 4.1.1, RFC 7553 4.5" },
	{ WORD, 0, 0, kind_is_alpn,
		"a comma or backslash in an ALPN id: ldns escapes it once, so "
		"that it reads back as two ids",
		"trowel", "RFC 9460 7.1.1, A.1" },
	{ WORD, 0, 0, kind_is_empty_id,
		"an empty ALPN id: trowel writes the value as octets, ldns as "
		"nothing",
		"trowel", "RFC 9460 7.1.1" },
	{ WORD, 0, 0, kind_is_svcb_quotes,
		"SvcParamValues: trowel has them in quotes, ldns where there "
		"are spaces",
		"both", "RFC 9460 2.1" },
	{ WORD, 0, 0, kind_is_tab,
		"a tab in a string: trowel writes \\009, ldns the tab", "both",
		"RFC 1035 5.1" },
	{ WORD, 0, 0, kind_is_type_name, "a type that ldns has no name for",
		"both", "RFC 3597 5" },
	{ WORD, 0, 0, kind_is_type_number,
		"SIG: a type without a name is a number, as in dig", "ldns",
		"RFC 3597 5" },
	{ WORD, 0, 0, kind_is_algorithm,
		"CERT: trowel has mnemonics of algorithms, ldns numbers",
		"both", "RFC 4398 2.2" },
	{ WORD, 0, 0, kind_is_error,
		"TSIG, TKEY: trowel has mnemonics of errors, ldns numbers",
		"both", "RFC 8945 3" },
	{ WORD, 0, 0, kind_is_far_time,
		"a signature's time over 68 years from now: ldns takes it for "
		"one of the past; trowel has no clock",
		"ldns", "RFC 4034 3.1.5" },
	{ WORD, 0, 0, kind_is_tkey_time,
		"TKEY: trowel writes times as seconds, ldns as dates", "both",
		"RFC 2930 2.3" },
	{ WORD, 0, 0, kind_is_service,
		"WKS: ldns has the names of /etc/protocols and /etc/services",
		"both", "RFC 1035 3.4.2" },
	{ WORD, 0, 0, kind_is_location_number,
		"LOC: ldns writes 05 for 5, and 5m for 5.00m", "both",
		"RFC 1876 3" },
	{ WORD, 0, 0, kind_is_equator,
		"LOC: on the equator ldns is south, on the meridian west",
		"both", "RFC 1876 2" },
	{ WORD, 0, 0, kind_is_prefix_zeros,
		"APL: ldns writes all zeros of an IPv6 address", "both",
		"RFC 5952 4.2, RFC 3123 5" },
	{ WORD, 0, 0, kind_is_node_zeros, "NID, L64: ldns writes leading zeros",
		"both", "RFC 6742 2.1.2" },
	{ WORD, 0, 0, kind_is_white_space,
		"two spaces, or one at the end, of ldns's", "both",
		"RFC 1035 5.1" },
};

const size_t kind_count = CHECK_COUNT(kinds);

static bool is_of_fault(
	const struct difference *difference, const struct kind *kind)
{
	return (kind->status == TROWEL_OK ||
		       kind->status == difference->pair->status) &&
		(kind->field == TROWEL_KIND_NONE ||
			kind->field == difference_fault_kind(difference));
}

static bool is_of_kind(
	const struct difference *difference, const struct kind *kind)
{
	if ((kind->stages & KIND_STAGE(difference->stage)) == 0)
		return false;
	if (difference->stage == TROWEL_REFUSES &&
		!is_of_fault(difference, kind))
		return false;
	return kind->is == NULL || kind->is(difference);
}

const struct kind *kind_find(const struct difference *difference)
{
	for (size_t i = 0; i < kind_count; i++)
		if (is_of_kind(difference, &kinds[i]))
			return &kinds[i];
	return NULL;
}
