#!/bin/bash
# SPDX-License-Identifier: MIT
# trowel --decode --explain: every octet of a message stands there once and in
# order, within 80 columns; the octet at fault is marked.
set -u
. "$(dirname "$0")/check.sh"
trowel=$TOP_BUILDDIR/cli/trowel
messages=$TOP_SRCDIR/fixtures/messages
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch LC_ALL=C TZ=UTC

# Hex without comments and spaces.
hex_of() {
	sed 's/#.*//' "$1" | tr -d ' \t\n' | tr A-F a-f
}

# explain hex [argument...]: sets status, and leaves the files out and err.
explain() {
	local hex=$1
	shift
	printf '%s\n' "$hex" |
		"$trowel" --decode --explain "$@" >"$scratch/out" 2>"$scratch/err"
	status=$?
}

# The hex column of out, put together, with a complaint wherever an offset is
# not the count of the octets before it. Lines of text alone begin far right.
octets_of_out() {
	awk '{
		start = match($0, /[^-. |+>@^'\'']/)
		line = substr($0, start)
		if (!start || start > 14 ||
			!match(line, /^[0-9]+  [0-9a-f][0-9a-f]/))
			next
		if (line + 0 != length(octets) / 2)
			print "octet " length(octets) / 2 " is called " line + 0
		sub(/^[0-9]+  /, "", line)
		sub(/  .*/, "", line)
		gsub(/ /, "", line)
		octets = octets line
	} END { print octets }' "$scratch/out"
}

# What is wrong with out as the explanation of $1, if anything is.
faults_of() {
	local hex=$1
	[ "$(octets_of_out)" = "$hex" ] ||
		echo "the octets are not those of the message"
	awk -v columns="${2:-80}" 'length($0) > columns {
		print length($0) " columns: " $0 }' "$scratch/out"
	grep -n '[^ -~]' "$scratch/out"
	if [ "$status" -eq 0 ]; then
		grep -n '^[|. +-]*>>' "$scratch/out"
	elif ! grep -q '^[|. +-]*>> *[a-zA-Z]' "$scratch/out"; then
		echo "no mark where the fault is"
	fi
}

is_explained() {
	explain "$2"
	check "$1" "$(faults_of "$2")"
}

for file in "$messages"/*.hex; do
	is_explained "explains $(basename "$file" .hex)" "$(hex_of "$file")"
done

# Every prefix, under one name each.
for name in opt srv type-https; do
	hex=$(hex_of "$messages/$name.hex")
	check "explains every prefix of $name" "$(
		for ((length = 2; length < ${#hex}; length += 2)); do
			explain "${hex:0:length}"
			faults_of "${hex:0:length}" |
				sed "s/^/$((length / 2)) octets: /"
		done)"
done

# line "a sentence" text: out has the line.
line() {
	check "$1" "$(grep -qxF -- "$2" "$scratch/out" ||
		echo "not there: $2")"
}

explain "$(hex_of "$messages/referral.hex")"
line "draws a lane from a target" \
	'||.>  47  0c 67 74 6c 64 2d 73 65             12 gtld-servers'
line "draws a pointer to its target" \
	'||'\''-  79  c0 2f                               -> 47: gtld-servers.net.'
line "shows a name whole that ends with a pointer" \
	'||                                            = b.gtld-servers.net.'
line "says how long a TTL is" \
	'||    87  00 02 a3 00              TTL        172800 (2 days)'
line "heads a record by owner and type" '||   Additional 2 of 3: a.gtld-servers.net. AAAA'

explain "$(hex_of "$messages/opt.hex")"
line "names flags by their bits" \
	'                                 RD         .... ...1  recursion desired'
line "takes an OPT apart" \
	'    52  04 d0                    UDP size   1232 octets'
line "names options" \
	'    60  00 03 00 04              option     NSID (3), 4 octets'

explain "$(hex_of "$messages/pointer-loop.hex")"
check "ends with 1 at a malformed message" "$(
	[ "$status" -eq 1 ] || echo "status $status")"
line "marks the octet at fault" \
	'>>  45  c0 2f                    rdata      |./|'
line "says what is wrong with it" \
	'>> answer record 2: compression pointer does not point back (byte 45)'
line "marks the pointer that leads there" \
	'>>  49  c0 2f                    owner      -> 47'
line "shows what is not read" '   Not read: 14 octets'

report
