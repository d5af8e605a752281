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
#define TW_RUN_IS                                                              \
	= start == end || (\exists integer m; start <= m < end &&              \
		tw_is_run(octets, start, m) && 1 <= octets[m] <= 63 &&         \
		end == m + 1 + octets[m])
#define TW_MEMO_IS                                                             \
	= \forall integer k; 0 <= k < 64 ==>                                   \
		tw_is_right(octets, length, offsets[k], sizes[k], runs[k])
#else
#define TW_LAW axiom
#define TW_LABELS_ARE reads name->octets[0 .. n - 1]
#define TW_RUN_IS reads octets[start .. end - 1]
#define TW_MEMO_IS                                                             \
	reads offsets[0 .. 63], sizes[0 .. 63], runs[0 .. 63],                 \
		octets[0 .. length - 1]
#endif

/* For the functions that shift, in cursor.h and wire.h. Elsewhere these would
 * bring along all that the provers know of bits. */
#ifdef TW_PROVE_SHIFTS
/*@ lemma tw_shift_8: \forall integer n; 0 <= n ==> (n << 8) == n * 256; */
/*@ lemma tw_shift_16: \forall integer n; 0 <= n ==> (n << 16) == n * 65536; */
/*@ lemma tw_shift_24:
      \forall integer n; 0 <= n ==> (n << 24) == n * 16777216; */
#endif

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

/* From `start` to `end` the octets of a message are whole labels, too; a name has
 * them when they are copied behind what it has. */
/*@ axiomatic tw_run_laws {
      predicate tw_is_run{L}(uint8_t *octets, integer start, integer end)
        TW_RUN_IS;

      TW_LAW tw_run_none{L}:
        \forall uint8_t *octets, integer start; tw_is_run(octets, start, start);
      TW_LAW tw_run_more{L}:
        \forall uint8_t *octets, integer start, end; start <= end &&
        tw_is_run(octets, start, end) && 1 <= octets[end] <= 63 ==>
        tw_is_run(octets, start, end + 1 + octets[end]);
      TW_LAW tw_run_same{L1, L2}:
        \forall uint8_t *octets, integer start, end; 0 <= start &&
        tw_is_run{L1}(octets, start, end) &&
        (\forall integer k; start <= k < end ==>
          \at(octets[k], L1) == \at(octets[k], L2)) ==>
        tw_is_run{L2}(octets, start, end);
      TW_LAW tw_run_copied{L1, L2}:
        \forall struct trowel_name *name, uint8_t *octets,
          integer used, start, end; 0 <= start && 0 <= used &&
        tw_is_run{L1}(octets, start, end) && tw_labels{L2}(name, used) &&
        (\forall integer k; start <= k < end ==>
          \at(name->octets[k - start + used], L2) == \at(octets[k], L1)) ==>
        tw_labels{L2}(name, end - start + used);
    } */

/* What is known of a name: so many of its octets are whole labels, with the root
 * if there is no pointer behind them. */
/*@ predicate tw_is_known(uint8_t *octets, integer start, integer size,
      integer run) = size < 256 ?
      tw_is_run(octets, start, start + run - 1) &&
        octets[start + run - 1] == 0 :
      tw_is_run(octets, start, start + run); */

/* That is so if it lies in the message. */
/*@ predicate tw_is_right(uint8_t *octets, integer length, integer start,
      integer size, integer run) = 0 < run <= length - start ==>
      tw_is_known(octets, start, size, run); */

/* Nothing of that has changed. */
/*@ predicate tw_is_kept{L1, L2}(uint16_t *offsets, uint16_t *sizes,
      uint8_t *runs, uint8_t *octets, integer length) =
      (\forall integer k; 0 <= k < 64 ==>
        \at(offsets[k], L1) == \at(offsets[k], L2)) &&
      (\forall integer k; 0 <= k < 64 ==>
        \at(sizes[k], L1) == \at(sizes[k], L2)) &&
      (\forall integer k; 0 <= k < 64 ==>
        \at(runs[k], L1) == \at(runs[k], L2)) &&
      (\forall integer k; 0 <= k < length ==>
        \at(octets[k], L1) == \at(octets[k], L2)); */

/* All that has changed is that a name was put in its slot. */
/*@ predicate tw_is_put{L1, L2}(uint16_t *offsets, uint16_t *sizes,
      uint8_t *runs, uint8_t *octets, integer length, integer start,
      integer size, integer run) =
      0 <= start && \at(offsets[start % 64], L2) == start &&
      \at(sizes[start % 64], L2) == size &&
      \at(runs[start % 64], L2) == run &&
      (\forall integer k; 0 <= k < 64 && k != start % 64 ==>
        \at(offsets[k], L1) == \at(offsets[k], L2) &&
        \at(sizes[k], L1) == \at(sizes[k], L2) &&
        \at(runs[k], L1) == \at(runs[k], L2)) &&
      (\forall integer k; 0 <= k < length ==>
        \at(octets[k], L1) == \at(octets[k], L2)); */

/* All that the memo knows of a message of this length is so. */
/*@ axiomatic tw_memo_laws {
      predicate tw_memo_is_right{L}(uint16_t *offsets, uint16_t *sizes,
        uint8_t *runs, uint8_t *octets, integer length) TW_MEMO_IS;

      TW_LAW tw_right_same{L1, L2}:
        \forall uint8_t *octets, integer length, start, size, run;
        0 <= start && tw_is_right{L1}(octets, length, start, size, run) &&
        (\forall integer k; 0 <= k < length ==>
          \at(octets[k], L1) == \at(octets[k], L2)) ==>
        tw_is_right{L2}(octets, length, start, size, run);
      TW_LAW tw_memo_none{L}:
        \forall uint16_t *offsets, *sizes, uint8_t *runs, *octets,
          integer length; length <= 65535 &&
        (\forall integer k; 0 <= k < 64 ==> offsets[k] == 65535) ==>
        tw_memo_is_right(offsets, sizes, runs, octets, length);
      TW_LAW tw_memo_at{L}:
        \forall uint16_t *offsets, *sizes, uint8_t *runs, *octets,
          integer length, k;
        tw_memo_is_right(offsets, sizes, runs, octets, length) &&
        0 <= k < 64 && 0 < runs[k] <= length - offsets[k] ==>
        tw_is_known(octets, offsets[k], sizes[k], runs[k]);
      TW_LAW tw_memo_same{L1, L2}:
        \forall uint16_t *offsets, *sizes, uint8_t *runs, *octets,
          integer length;
        tw_memo_is_right{L1}(offsets, sizes, runs, octets, length) &&
        tw_is_kept{L1, L2}(offsets, sizes, runs, octets, length) ==>
        tw_memo_is_right{L2}(offsets, sizes, runs, octets, length);
      TW_LAW tw_memo_more{L1, L2}:
        \forall uint16_t *offsets, *sizes, uint8_t *runs, *octets,
          integer length, start, size, run;
        tw_memo_is_right{L1}(offsets, sizes, runs, octets, length) &&
        tw_is_put{L1, L2}(offsets, sizes, runs, octets, length,
          start, size, run) &&
        tw_is_right{L2}(octets, length, start, size, run) ==>
        tw_memo_is_right{L2}(offsets, sizes, runs, octets, length);
    } */

/* RFC 1035 3.1 and 2.3.4 */
/*@ predicate tw_name_is_good(struct trowel_name *name) =
      1 <= name->length <= 255 && tw_labels(name, name->length - 1) &&
      name->octets[name->length - 1] == 0; */

/* RFC 4343 3 */
/*@ logic integer tw_lowered(integer octet) =
      65 <= octet <= 90 ? octet + 32 : octet; */

#endif
