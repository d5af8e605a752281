#!/bin/bash
# SPDX-License-Identifier: MIT
# mutants.sh [--quick] [wire/FILE.c...]: breaks wire/ in the ways that
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
	only="$*"
	make_scratch
	mkdir "$scratch/tree" &&
		tar --exclude=./build --exclude=./.git -cf - . |
		tar -C "$scratch/tree" -xf - || die "cannot copy the tree"
	mkdir -p "$scratch/tree/include/trowel"
	ln -s ../../wire/wire.h "$scratch/tree/include/trowel/wire.h"
	echo >"$scratch/tree/include/config.h"
	cd "$scratch/tree" && compile wire/*.c tests/{check,fixture}.c ||
		die "it does not compile"
	printf '| file | function | instead of | stands | found by |\n'
	printf '|---|---|---|---|---|\n'
	while IFS=$'\t' read -r file function from to; do
		[ "${file#wire/}" != "$file" ] || continue
		[[ -z $only || " $only " = *" $file "* ]] || continue
		try "$file" "$function" "$from" "$to" </dev/null
	done <tests/mutants.txt
	printf '\n%d mutants: %d found by the tests, %d by the proof alone, %d by neither\n' \
		$((caught + alone + missed)) $caught $alone $missed
	[ $missed -eq 0 ]
}

try() {
	local by=
	mutate "$@" >"$1"
	! cmp -s "$top/$1" "$1" || die "not there once: $2: $3"
	compile "$1" || die "it does not compile: $2: $4"
	tests_pass "$1" || by=tests
	if [ -z "$by" ] || [ -z "$quick" ]; then
		! proof_notices "$1" "$2" || by="${by:+$by, }proof"
	fi
	case $by in
	tests*) caught=$((caught + 1)) ;;
	proof) alone=$((alone + 1)) ;;
	*) missed=$((missed + 1)) ;;
	esac
	printf '| %s | %s | `%s` | `%s` | %s |\n' "$1" "$2" "$3" "$4" \
		"${by:-**nothing**}"
	cp "$top/$1" "$1"
	compile "$1"
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
		}' "$top/$1"
}

tests_of() {
	case $1 in
	wire/edns.c) echo edns message ;;
	wire/plan.c) echo rdata message ;;
	wire/format.c) echo format message ;;
	wire/compress.c) echo compress message chain ;;
	*) basename "$1" .c ;;
	esac
}

# compile file...: to objects beside them.
compile() {
	printf '%s\n' "$@" | xargs -P 2 -I{} gcc -w -O1 -D_DEFAULT_SOURCE \
		-I. -Iinclude -fsanitize=address,undefined \
		-fno-sanitize-recover=all \
		-DCHECK_SOURCE_DIRECTORY="\"$PWD\"" -c {} -o {}.o
}

tests_pass() {
	local test
	for test in $(tests_of "$1"); do
		[ -f "tests/test_$test.c.o" ] || compile "tests/test_$test.c"
		gcc -fsanitize=address,undefined -o "tests/test_$test" \
			"tests/test_$test.c.o" tests/{check,fixture}.c.o \
			wire/*.c.o -lcunit || die "it does not link"
		timeout 60 "tests/test_$test" >/dev/null 2>&1 || return 1
	done
}

# It does not pass, and does without the mutant.
proof_notices() {
	! proof_passes "$@" && cp "$top/$1" "$1" && proof_passes "$@"
}

# Goals that are not proved are seldom waited for in vain.
proof_passes() {
	F=$2 PROVE_TIMEOUT=${PROVE_TIMEOUT:-5} tests/prove.sh "$1" |
		awk '/Proved goals:/ { passes = $4 == $6 }
			END { exit !passes }'
}

main "$@"
