#!/bin/bash
# SPDX-License-Identifier: MIT
# seeds.sh directory: makes inputs to begin with, for each harness in a directory
# of its own, out of fixtures/messages/*.hex, rdata.txt and names.txt.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
fixtures=$here/../../fixtures/messages

# Hex digits with white space between them, as octets.
octets_of() {
	local hex=${1//[[:space:]]/}
	# shellcheck disable=SC2001 # before every two digits
	printf '%b' "$(echo "$hex" | sed 's/../\\x&/g')"
}

# Every message as it is, and for fuzz_format behind flags (each style in turn),
# width (now and then 12) and size.
message_seeds() {
	local file name hex style=0
	for file in "$fixtures"/*.hex; do
		name=$(basename "$file" .hex)
		hex=$(sed '/^[[:space:]]*#/d' "$file")
		octets_of "$hex" >"$1/fuzz_message/$name"
		octets_of "$hex" >"$1/fuzz_json/$name"
		style=$(((style + 11) % 64))
		octets_of "$(printf '%02x%04x20' $style \
			$((style % 3 == 0 ? 12 : 0)))$hex" \
			>"$1/fuzz_format/$name"
	done
}

# zeros count, in hex
zeros() {
	printf '%0*d' $(($1 * 2)) 0
}

# Owners that point to every label of one long name after the other, up to where
# the steps for such walks run out; a TXT of 65,500 empty strings, of class NONE
# (whose fields once took quadratic time); options up to 64 KiB in a query.
large_seeds() {
	local record pointers="" pointer labels
	printf -v labels '0161%.0s' {1..126}
	for ((record = 0; record < 3000; record++)); do
		printf -v pointer '%04xff000001000000000000' \
			$((0xc000 + 23 + record % 126 * 2))
		pointers+=$pointer
	done
	octets_of "1234818000000bb900000000 00ff0000010000000000fd ${labels}00
		$pointers" >"$1/fuzz_message/steps"
	octets_of "123481800000000100000000 00001000fe00000000ffdc
		$(zeros 65500)" >"$1/fuzz_message/fields"
	octets_of "123481800000000100000000 0000100001000000001f40
		$(zeros 8000)" >"$1/fuzz_json/fields"
	octets_of "12340120001c0001 010004d08000 00 $(zeros 65512)" \
		>"$1/fuzz_query/option-65512"
}

# message_of hex: a response of one record with this type, class and RDATA.
message_of() {
	local hex=${1//[[:space:]]/}
	printf '123481800000000000000001 00%s00%s0000012c%04x%s' "${hex:0:4}" \
		"${hex:4:2}" $(((${#hex} - 6) / 2)) "${hex:6}"
}

# Every type of record alone: flags with FLAG_WRAP, width, size, type, class and
# RDATA; plain, and over several lines with comments.
rdata_seeds() {
	local why hex
	while read -r why hex; do
		case $why in '' | '#'*) continue ;; esac
		octets_of "40000020$hex" >"$1/fuzz_format/$why-alone"
		octets_of "46000c20$hex" >"$1/fuzz_format/$why-lines"
		octets_of "$(message_of "$hex")" >"$1/fuzz_json/$why"
	done <"$here/rdata.txt"
}

name_seeds() {
	local line number=0
	while IFS= read -r line; do
		number=$((number + 1))
		printf '%s' "$line" >"$1/fuzz_name/$number"
	done <"$here/names.txt"
}

# Id, flags, type, class; EDNS, its version, size and flags; name; options.
query_seeds() {
	local name=03777777076578616d706c6503636f6d00
	octets_of "1234010000010001 000000000000 $name" \
		>"$1/fuzz_query/plain"
	octets_of "12340120001c0001 010004d08000 $name" >"$1/fuzz_query/edns"
	octets_of "1234012000410001 010004d08000 $name 00030000
		000a00080102030405060708 000c00020000" >"$1/fuzz_query/options"
	octets_of "1234280000060001 0101ffff4000 00 000a0008" \
		>"$1/fuzz_query/option-cut"
}

# An octet of wishes, and words, each behind a 0.
option_seeds() {
	local line number=0
	while IFS= read -r line; do
		number=$((number + 1))
		{ octets_of "0$((number % 4))"
		  printf '%s' "$line" | tr ' |' '\0\n'; } \
			>"$1/fuzz_options/$number"
	done <<'_END'
@192.0.2.1 example.com MX +short
-4tmx -x 2001:db8::1 -p 53 -b 192.0.2.1#53 +tries=3 +nocmd
a A AAAA MX b TXT CH +multiline +ttlunits c|d @::1 +yaml
+cookie=0123456789abcdef +subnet=10/8 +ednsopt=65001:00ff +padding=128
+search +domain=example.com +ndots=2 www|+nosearch www ANY %
-f - +rc +json=rfc8427|example.com -q mx -t mx -c in
+opcode=notify +qid=0x10 +header-only +bufsize=0 +edns=1 +ednsflags=0x80
MXX +SHO +nodns64prefix +dns64prefix 192.0.2.1 -t BOGUS
--decode -|-h -v --dig
_END
}

mkdir -p "$1"/fuzz_message "$1"/fuzz_format "$1"/fuzz_name "$1"/fuzz_query \
	"$1"/fuzz_json "$1"/fuzz_options
option_seeds "$1"
message_seeds "$1"
rdata_seeds "$1"
name_seeds "$1"
large_seeds "$1"
query_seeds "$1"
