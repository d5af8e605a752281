/* SPDX-License-Identifier: MIT */
/* The predicates of the table of kinds: each tells whether a difference, of the
 * stages that the table names, is of its kind. */
#ifndef TROWEL_TESTS_LDNS_PREDICATES_H
#define TROWEL_TESTS_LDNS_PREDICATES_H

#include "tests/ldns_pair.h"

#include <stdbool.h>

/* Of the record. */
bool difference_is_type(const struct difference *difference, uint16_t type);
/* A type of the table that is not read by its row in this class. */
bool difference_is_opaque(const struct difference *difference);
/* The kind of the field at which trowel stopped, or NONE. */
uint8_t difference_fault_kind(const struct difference *difference);

/* ldns_refusals.c */
bool kind_is_nsap_ptr_fault(const struct difference *difference);
bool kind_is_unread(const struct difference *difference);
bool kind_is_hip_fault(const struct difference *difference);
bool kind_is_opt_cut(const struct difference *difference);
bool kind_is_list_cut(const struct difference *difference);
bool kind_is_name_cut(const struct difference *difference);
bool kind_is_signature_broken(const struct difference *difference);
bool kind_is_sink(const struct difference *difference);
bool kind_is_nsap_ptr(const struct difference *difference);
bool kind_is_z(const struct difference *difference);
bool kind_is_tsig_inside(const struct difference *difference);
bool kind_is_opaque_rdata(const struct difference *difference);
bool kind_is_of_no_class(const struct difference *difference);

/* ldns_forms.c */
bool kind_has_no_key(const struct difference *difference);
bool kind_is_svcb(const struct difference *difference);
bool kind_is_gateway_unknown(const struct difference *difference);
bool kind_is_tag(const struct difference *difference);
bool kind_is_escape(const struct difference *difference);
bool kind_is_empty_list(const struct difference *difference);
bool kind_is_theirs_generic(const struct difference *difference);
bool kind_is_opaque_text(const struct difference *difference);
bool kind_is_location_unknown(const struct difference *difference);
bool kind_is_gateway_text(const struct difference *difference);
bool kind_is_family_unknown(const struct difference *difference);
bool kind_is_nxt(const struct difference *difference);
bool kind_is_atma(const struct difference *difference);
bool kind_is_white_space(const struct difference *difference);
bool kind_is_hex_case(const struct difference *difference);
bool kind_is_svcb_quotes(const struct difference *difference);
bool kind_is_alpn(const struct difference *difference);
bool kind_is_tab(const struct difference *difference);
bool kind_is_type_name(const struct difference *difference);
bool kind_is_type_number(const struct difference *difference);
bool kind_is_algorithm(const struct difference *difference);
bool kind_is_error(const struct difference *difference);
bool kind_is_far_time(const struct difference *difference);
bool kind_is_tkey_time(const struct difference *difference);
bool kind_is_service(const struct difference *difference);
bool kind_is_location_number(const struct difference *difference);
bool kind_is_equator(const struct difference *difference);
bool kind_is_prefix_zeros(const struct difference *difference);
bool kind_is_node_zeros(const struct difference *difference);
bool kind_is_hash_padding(const struct difference *difference);
bool kind_is_hash_case(const struct difference *difference);
bool kind_is_dohpath(const struct difference *difference);
bool kind_is_empty_id(const struct difference *difference);
bool kind_is_empty_value(const struct difference *difference);

#endif
