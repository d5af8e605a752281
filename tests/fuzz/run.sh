#!/bin/bash
# SPDX-License-Identifier: MIT
# tests/fuzz/run.sh [seconds [engine [harness...]]]: fuzzes each harness for so
# many seconds (60) with libfuzzer (or afl), as many at a time as there are
# cores, or $FUZZ_JOBS. A line for each at the end:
#
#	fuzz_message: 1234567 executions, 20576/s, 1402 edges, 0 findings
#
# Builds in build/fuzz (or $TROWEL_BUILD/fuzz); what libFuzzer learns stays there
# for the next run. Inputs that are found lie in build/fuzz/found and are printed
# as hex; the exit status is 1 then. Once small, an input is kept as hex text with
# a comment line in regressions/, named by its harness (format-sink-without-data.hex):
# make check runs those, see replay.sh.
# shellcheck disable=SC2317 # some functions are called by the engine's name
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/fixtures/lib.sh"

LIBFUZZER_PACKAGES="clang libclang-rt-dev"
AFL_PACKAGES="afl++ clang"
SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=undefined"
CASE_MAX_S=2
MEMORY_MAX_MB=2048
INPUT_MAX=65535

case ${1:-60} in
*[!0-9]* | 0) die "not a number of seconds: $1" ;;
esac
seconds=${1:-60}
engine=${2:-libfuzzer}
shift $(($# < 2 ? $# : 2))
[ $# -gt 0 ] || set -- fuzz_message fuzz_name fuzz_format fuzz_query fuzz_json \
	fuzz_options
work=${TROWEL_BUILD:-$top/build}/fuzz
jobs=${FUZZ_JOBS:-$(cores)}

# shellcheck disable=SC2086 # the lists are words
case $engine in
libfuzzer) install_packages $LIBFUZZER_PACKAGES ;;
afl) install_packages $AFL_PACKAGES ;;
*) die "no engine $engine: libfuzzer or afl" ;;
esac

# The files of the library and of the command, out of Makefile.am's lists.
sources() {
	local list
	for list in CODEC CORE cli_libcli_a; do
		sed -n "/^${list}_SOURCES/,/[^\\]\$/p" "$top/Makefile.am"
	done | grep -o '[a-z]*/[a-z0-9_]*\.c\>'
}

# build harness...: what is not configured has the portable path, so this needs
# no configure. A harness links what it calls.
build() {
	local compiler=clang flags=$SANITIZE harness
	if [ "$engine" = afl ]; then
		compiler=afl-clang-fast flags=
		export AFL_USE_ASAN=1 AFL_USE_UBSAN=1 AFL_QUIET=1
	else
		flags="$flags -fsanitize=fuzzer-no-link"
	fi
	mkdir -p "$work/include/trowel" &&
		ln -sf "$top"/{wire/wire,resolver/engine,resolver/resolver}.h \
			"$work/include/trowel" || exit 1
	echo '#define PACKAGE_VERSION "0"' >"$work/include/config.h"
	flags="-g -O2 $flags -I$top -I$work/include -D_DEFAULT_SOURCE"
	cd "$work/$engine" && rm -rf wire resolver cli &&
		mkdir wire resolver cli || exit 1
	# shellcheck disable=SC2086 # words
	sources | xargs -P "$(cores)" -I{} \
		"$compiler" $flags -c "$top/{}" -o {}.o &&
		rm -f trowel.a && ar rc trowel.a {wire,resolver,cli}/*.o ||
		die "cannot build the library"
	for harness; do
		# shellcheck disable=SC2086 # words
		"$compiler" $flags -fsanitize=fuzzer \
			"$top/tests/fuzz/$harness.c" trowel.a -o "$harness" ||
			die "cannot build $harness"
	done
	cd "$top" || exit 1
}

# fuzz harness: runs an engine over it; the engine ends by itself, or with this.
fuzz() {
	local engine_pid
	mkdir -p "$work/$engine/$1.corpus"
	rm -rf "$work/$engine/$1.out"
	fuzz_with_"$engine" "$1" </dev/null >"$work/$engine/$1.log" 2>&1 &
	engine_pid=$!
	trap 'kill $engine_pid 2>/dev/null; exit 1' INT TERM HUP
	wait "$engine_pid"
	echo $? >"$work/$engine/$1.status"
}

# Text is many times as long as the octets, and is looked at character by
# character.
length_of() {
	case $1 in
	fuzz_json) echo 8192 ;;
	*) echo "$INPUT_MAX" ;;
	esac
}

fuzz_with_libfuzzer() {
	exec "$work/libfuzzer/$1" -max_total_time="$seconds" \
		-timeout="$CASE_MAX_S" -rss_limit_mb="$MEMORY_MAX_MB" \
		-max_len="$(length_of "$1")" -dict="$top/tests/fuzz/dns.dict" \
		-print_final_stats=1 -artifact_prefix="$work/found/$1-" \
		"$work/libfuzzer/$1.corpus" "$work/seeds/$1"
}

fuzz_with_afl() {
	export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1
	export AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
	exec afl-fuzz -V "$seconds" -t $((CASE_MAX_S * 1000)) -m none \
		-G "$(length_of "$1")" -x "$top/tests/fuzz/dns.dict" \
		-i "$work/seeds/$1" -o "$work/afl/$1.out" -- "$work/afl/$1"
}

# value file name: of "name : value" or "name: value".
value() {
	sed -n "s/^$2 *: *\([0-9]*\).*/\1/p" "$1" 2>/dev/null | tail -n 1
}

# Each sets executions, speed, edges.
figures_of_libfuzzer() {
	local log=$work/libfuzzer/$1.log
	executions=$(value "$log" stat::number_of_executed_units)
	speed=$(value "$log" stat::average_exec_per_sec)
	edges=$(sed -n 's/^#.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
}

figures_of_afl() {
	local stats=$work/afl/$1.out/default/fuzzer_stats file
	executions=$(value "$stats" execs_done)
	speed=$(value "$stats" execs_per_sec)
	edges=$(value "$stats" edges_found)
	for file in "$work/afl/$1.out"/default/{crashes,hangs}/id*; do
		[ ! -f "$file" ] || cp "$file" "$work/found/$1-$(basename \
			"$(dirname "$file")")-$(md5sum "$file" | cut -c 1-16)"
	done
}

# Every harness's line, and what it found, with what went wrong there.
print_result() {
	local executions speed edges count=0 file status
	figures_of_"$engine" "$1"
	for file in "$work/found/$1"-*; do
		[ ! -f "$file" ] || count=$((count + 1))
	done
	echo "$1: ${executions:-0} executions, ${speed:-0}/s," \
		"${edges:-0} edges, $count findings"
	status=$(cat "$work/$engine/$1.status")
	if [ "$count" -eq 0 ] && [ "$status" = 0 ] &&
		[ "${executions:-0}" -gt 0 ]; then
		return
	fi
	result=1
	[ "$count" -gt 0 ] || tail -n 30 "$work/$engine/$1.log"
	for file in "$work/found/$1"-*; do
		[ -f "$file" ] || continue
		echo "--- $file"
		od -An -v -tx1 -w16 "$file" | head -n 64
		timeout 20 "$work/$engine/$1" "$file" 2>&1 |
			grep -v '^\(INFO\|Running\)' | head -n 30
	done
}

# Where the script ends early, so do the engines.
stop() {
	# shellcheck disable=SC2046 # words
	kill $(jobs -p) 2>/dev/null
	wait
}
trap 'stop; clean_up' EXIT

rm -rf "$work/found" "$work/seeds"
mkdir -p "$work/$engine" "$work/seeds" "$work/found" || die "cannot write $work"
bash "$top/tests/fuzz/seeds.sh" "$work/seeds" || die "no seeds"
build "$@"
for harness; do
	while [ "$(jobs -pr | wc -l)" -ge "$jobs" ]; do
		wait -n
	done
	fuzz "$harness" &
done
wait
result=0
for harness; do
	print_result "$harness"
done
exit "$result"
