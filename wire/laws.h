/* SPDX-License-Identifier: MIT */
/*
 * What the proof of wire/ knows beside its contracts. With TW_PROVE_LAWS, the
 * laws are lemmas to be proved of the definitions, some of them by the scripts
 * in tests/prove/script. Without, the definitions are hidden and the laws hold:
 * induction is not for the provers to find.
 */
/* clang-format off */
#ifndef TW_LAWS_H
#define TW_LAWS_H

#ifdef TW_PROVE_LAWS
#define TW_LAW lemma
#define TW_LABELS_ARE                                                          \
	= n == 0 || (\exists integer m; 0 <= m < n && tw_labels(name, m) &&    \
		1 <= name->octets[m] <= 63 && n == m + 1 + name->octets[m])
#else
#define TW_LAW axiom
#define TW_LABELS_ARE reads name->octets[0 .. n - 1]
#endif

/*@ lemma tw_shift_8: \forall integer n; 0 <= n ==> (n << 8) == n * 256; */
/*@ lemma tw_shift_16: \forall integer n; 0 <= n ==> (n << 16) == n * 65536; */
/*@ lemma tw_shift_24:
      \forall integer n; 0 <= n ==> (n << 24) == n * 16777216; */

/* The first n octets of a name are whole labels of 1 to 63 octets. */
/*@ axiomatic tw_labels_laws {
      predicate tw_labels{L}(struct trowel_name *name, integer n) TW_LABELS_ARE;

      TW_LAW tw_labels_none{L}:
        \forall struct trowel_name *name; tw_labels(name, 0);
      TW_LAW tw_labels_more{L}:
        \forall struct trowel_name *name, integer n;
        tw_labels(name, n) && 1 <= name->octets[n] <= 63 ==>
        tw_labels(name, n + 1 + name->octets[n]);
      TW_LAW tw_labels_same{L1, L2}:
        \forall struct trowel_name *name, integer n;
        tw_labels{L1}(name, n) && (\forall integer k; 0 <= k < n ==>
          \at(name->octets[k], L1) == \at(name->octets[k], L2)) ==>
        tw_labels{L2}(name, n);
    } */

/* RFC 1035 3.1 and 2.3.4 */
/*@ predicate tw_name_is_good(struct trowel_name *name) =
      1 <= name->length <= 255 && tw_labels(name, name->length - 1) &&
      name->octets[name->length - 1] == 0; */

/* RFC 4343 3 */
/*@ logic integer tw_lowered(integer octet) =
      65 <= octet <= 90 ? octet + 32 : octet; */

#endif
