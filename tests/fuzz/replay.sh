#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs every harness, without an engine, over the seeds and over what fuzzing
# has found (regressions/HARNESS-why.hex); and again under valgrind, which sees
# reads of octets that were never set, where there is one.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../check.sh"
INSTRUMENTED=${INSTRUMENTED:-}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP

# replay harness "how" [runner...]
replay() {
	local harness=$1 how=$2 log=$scratch/log
	shift 2
	if "$@" "$TOP_BUILDDIR/tests/fuzz/$harness" "$scratch/$harness" \
		>"$log" 2>&1; then
		check "$harness holds for $(grep -c '/' "$log") inputs$how"
	else
		check "$harness$how" "$(tail -n 20 "$log")"
	fi
}

bash "$here/seeds.sh" "$scratch" || exit 1
for harness in fuzz_message fuzz_name fuzz_format fuzz_query fuzz_json \
	fuzz_options; do
	for file in "$here/regressions/${harness#fuzz_}"-*.hex; do
		[ ! -f "$file" ] || cp "$file" "$scratch/$harness"
	done
	replay $harness ""
	# What is built with sanitizers does not run under valgrind.
	[ -z "$INSTRUMENTED" ] || continue
	if command -v valgrind >/dev/null; then
		replay $harness ", under valgrind" \
			valgrind -q --error-exitcode=99 --leak-check=full
	else
		skip "$harness under valgrind"
	fi
done
report
