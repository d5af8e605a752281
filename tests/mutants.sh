#!/bin/bash
# SPDX-License-Identifier: MIT
# mutants.sh [--quick] [wire/FILE.c]: breaks wire/ in the ways that
# tests/mutants.txt lists, one at a time, and prints for each whether the unit
# tests, under the sanitizers, and the proof of its function notice. Fails if
# neither does. --quick: asks for the proof only where the tests say nothing.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=fixtures/lib.sh
. "$top/fixtures/lib.sh"
cd "$top" || exit 1

quick=
only=
caught=0
alone=0
missed=0

main() {
	local file function from to
	[ "${1:-}" != --quick ] || { quick=yes; shift; }
	only=${1:-}
	make_scratch
	mkdir "$scratch/tree" &&
		tar --exclude=./build --exclude=./.git -cf - . |
		tar -C "$scratch/tree" -xf - || die "cannot copy the tree"
	mkdir -p "$scratch/tree/include/trowel"
	ln -s ../../wire/wire.h "$scratch/tree/include/trowel/wire.h"
	printf '| file | function | instead of | stands | found by |\n'
	printf '|---|---|---|---|---|\n'
	while IFS=$'\t' read -r file function from to; do
		[ "${file#wire/}" != "$file" ] || continue
		[ -z "$only" ] || [ "$file" = "$only" ] || continue
		try "$file" "$function" "$from" "$to" </dev/null
	done <tests/mutants.txt
	printf '\n%d mutants: %d found by the tests, %d by the proof alone, %d by neither\n' \
		$((caught + alone + missed)) $caught $alone $missed
	[ $missed -eq 0 ]
}

try() {
	local by='' tree=$scratch/tree
	mutate "$@" >"$tree/$1"
	cmp -s "$1" "$tree/$1" && die "not there once: $2: $3"
	tests_pass "$1" || by=tests
	if [ -z "$by" ] || [ -z "$quick" ]; then
		proof_passes "$2" || by="${by:+$by, }proof"
	fi
	case $by in
	tests*) caught=$((caught + 1)) ;;
	proof) alone=$((alone + 1)) ;;
	*) missed=$((missed + 1)) ;;
	esac
	printf '| %s | %s | `%s` | `%s` | %s |\n' "$1" "$2" "$3" "$4" \
		"${by:-**nothing**}"
	cp "$1" "$tree/$1"
}

# mutate file function from to: the file, changed if `from` stands once in the
# function.
mutate() {
	function=$2 from=$3 to=$4 awk '
		/^[A-Za-z].*\(/ { inside = index($0, ENVIRON["function"] "(") }
		{
			line[NR] = $0
			at = index($0, ENVIRON["from"])
			if (inside && at && $0 !~ /^[ \t]*(\/[*\/]|loop )/) {
				found++
				where = NR
				place = at
			}
		}
		/^}/ { inside = 0 }
		END {
			for (i = 1; i <= NR; i++)
				if (found == 1 && i == where)
					print substr(line[i], 1, place - 1) \
						ENVIRON["to"] \
						substr(line[i], place + \
						length(ENVIRON["from"]))
				else
					print line[i]
		}' "$1"
}

tests_of() {
	case $1 in
	wire/name.c) echo name ;;
	wire/query.c) echo query ;;
	wire/edns.c) echo edns message ;;
	*) echo compress message chain ;;
	esac
}

tests_pass() (
	cd "$scratch/tree" || exit
	for test in $(tests_of "$1"); do
		gcc -w -O1 -D_DEFAULT_SOURCE -I. -Iinclude \
			-fsanitize=address,undefined \
			-fno-sanitize-recover=all \
			-DCHECK_SOURCE_DIRECTORY="\"$PWD\"" -o "$scratch/test" \
			"tests/test_$test.c" tests/check.c tests/fixture.c \
			wire/*.c -lcunit >"$scratch/gcc.log" 2>&1 || {
			cat "$scratch/gcc.log" >&2
			die "it does not compile"
		}
		timeout 60 "$scratch/test" >/dev/null 2>&1 || exit 1
	done
)

# Goals that are not proved are seldom waited for in vain.
proof_passes() (
	cd "$scratch/tree" || exit
	F=$1 PROVE_TIMEOUT=${PROVE_TIMEOUT:-5} tests/prove.sh |
		awk '/Proved goals:/ { passes = $4 == $6 }
			END { exit !passes }'
)

main "$@"
