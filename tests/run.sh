#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs what is missing, builds, and runs all tests. The last line is
# "N passed, N failed"; before it come the logs of the tests that failed.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/fixtures/lib.sh"

# CI reads the last line, also where there is nothing to run.
die() {
	echo "run.sh: $*" >&2
	echo "0 passed, 1 failed"
	exit 1
}

# add_up output: the totals over all tests. A test counts its cases in the last
# line of its log; one without such a line counts as one case.
add_up() {
	local result name log line
	while read -r result name; do
		log=$build/${name%.sh}.log
		line=$(grep -xE "$totals" "$log" | tail -n 1)
		[[ $line =~ $totals ]]
		local p=${BASH_REMATCH[1]:-0} f=${BASH_REMATCH[2]:-0}
		local s=${BASH_REMATCH[4]:-0}
		case $result in
		PASS:) [ $((p + f + s)) -gt 0 ] || p=1 ;;
		SKIP:) [ $((p + f + s)) -gt 0 ] || s=1 ;;
		*) [ "$f" -gt 0 ] || f=1 ;;
		esac
		passed=$((passed + p)) failed=$((failed + f))
		skipped=$((skipped + s))
		if [ "$f" -gt 0 ]; then
			printf '\n--- %s ---\n' "$name"
			cat "$log"
		fi
	done < <(grep -E '^(PASS|FAIL|SKIP|ERROR|XPASS|XFAIL): ' "$1")
}

# shellcheck disable=SC2086 # the lists are words
install_packages $BUILD_PACKAGES $FIXTURE_PACKAGES $TEST_PACKAGES
totals='([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?'
passed=0 failed=0 skipped=0
build_tree --enable-all-tests
make -C "$build" -j "$(cores)" check </dev/null >"$build/check.log" 2>&1
status=$?
grep -E '^(PASS|FAIL|SKIP|ERROR|XPASS|XFAIL): ' "$build/check.log"
add_up "$build/check.log"
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ] ||
	[ $((passed + failed)) -eq 0 ]; then
	tail -n 60 "$build/check.log"
	failed=$((failed + 1))
fi
printf '\n%d passed, %d failed' "$passed" "$failed"
[ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped"
printf '\n'
[ "$failed" -eq 0 ]
