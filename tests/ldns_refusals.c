/* SPDX-License-Identifier: MIT */
/* How records that one of the two refuses, or reads otherwise, are told apart. */
#include "tests/ldns_predicates.h"

#include <string.h>

#include "wire/rdata.h"

enum {
	TYPE_NSAP_PTR = 23,
	TYPE_SINK = 40,
	TYPE_OPT = 41,
	TYPE_HIP = 55,
	TYPE_TKEY = 249,
	TYPE_TSIG = 250
};

enum { CLASS_NONE = 254, CLASS_ANY = 255 };

/*
 * What trowel refuses
 */

bool kind_is_nsap_ptr_fault(const struct difference *difference)
{
	return difference->pair->fault.type == TYPE_NSAP_PTR;
}

bool kind_is_hip_fault(const struct difference *difference)
{
	return difference->pair->fault.type == TYPE_HIP;
}

bool kind_is_unread(const struct difference *difference)
{
	const struct trowel_fault *fault = &difference->pair->fault;
	const ldns_rr_descriptor *descriptor = ldns_rr_descript(fault->type);
	ldns_rdf_type first;

	if (fault->type == 0 || fault->type == TYPE_OPT ||
		descriptor->_maximum == 0)
		return false;
	first = ldns_rr_descriptor_field_type(descriptor, 0);
	return first == LDNS_RDF_TYPE_UNKNOWN ||
		first == LDNS_RDF_TYPE_IPSECKEY;
}

bool kind_is_opt_cut(const struct difference *difference)
{
	return difference->pair->fault.type == TYPE_OPT;
}

uint8_t difference_fault_kind(const struct difference *difference)
{
	const struct trowel_fault *fault = &difference->pair->fault;
	const struct tw_rrtype *row = tw_rrtype_find(fault->type);
	const char *name;

	if (row == NULL || fault->field == NULL)
		return TROWEL_KIND_NONE;
	for (size_t i = 0; tw_kinds_of(row)[i] != TROWEL_KIND_NONE; i++) {
		tw_field_name(row, i, &name);
		if (name == fault->field)
			return tw_kinds_of(row)[i];
	}
	return TROWEL_KIND_NONE;
}

bool kind_is_list_cut(const struct difference *difference)
{
	uint8_t kind = difference_fault_kind(difference);

	return (kind == TROWEL_KIND_PARAM || kind == TROWEL_KIND_PREFIX ||
		kind == TROWEL_KIND_TYPES);
}

bool kind_is_name_cut(const struct difference *difference)
{
	uint8_t kind = difference_fault_kind(difference);

	return (kind == TROWEL_KIND_NAME || kind == TROWEL_KIND_PLAIN_NAME ||
		kind == TW_KIND_NAMES || kind == TW_KIND_GATEWAY ||
		kind == TW_KIND_RELAY || kind == TW_KIND_A6_NAME);
}

/*
 * What ldns refuses or misreads
 */

bool difference_is_type(const struct difference *difference, uint16_t type)
{
	return difference->record != NULL && difference->record->type == type;
}

/* A type of the table that is not read by its row in this class. */
bool difference_is_opaque(const struct difference *difference)
{
	const struct trowel_record *record = difference->record;

	return record != NULL && tw_rrtype_find(record->type) != NULL &&
		tw_rrtype_of(record->type, record->class_code) == NULL;
}

bool kind_is_of_no_class(const struct difference *difference)
{
	return difference_is_opaque(difference) &&
		(difference->record->class_code == CLASS_NONE ||
			difference->record->class_code == CLASS_ANY);
}

bool kind_is_signature_broken(const struct difference *difference)
{
	return kind_is_of_no_class(difference) &&
		(difference_is_type(difference, TYPE_TSIG) ||
			difference_is_type(difference, TYPE_TKEY)) &&
		difference->record->class_code == CLASS_ANY;
}

bool kind_is_sink(const struct difference *difference)
{
	return difference_is_type(difference, TYPE_SINK);
}

bool kind_is_nsap_ptr(const struct difference *difference)
{
	return difference_is_type(difference, TYPE_NSAP_PTR);
}

/*
 * Content
 */

bool kind_is_z(const struct difference *difference)
{
	return strcmp(difference->what, "Z") == 0;
}

static bool is_rdata(const struct difference *difference)
{
	return strcmp(difference->what, "RDATA") == 0;
}

bool kind_is_opaque_rdata(const struct difference *difference)
{
	return is_rdata(difference) && difference_is_opaque(difference);
}

/* A TSIG of the additional section that is not the last record. */
bool kind_is_tsig_inside(const struct difference *difference)
{
	const struct trowel_message *message = &difference->pair->message;
	struct trowel_iterator iterator = { 0 };
	struct trowel_record record;

	while (trowel_record_next(message, &iterator, &record))
		if (record.section == TROWEL_ADDITIONAL &&
			record.type == TYPE_TSIG)
			return difference->pair->status != TROWEL_OK ||
				trowel_record_next(message, &iterator, &record);
	return false;
}
