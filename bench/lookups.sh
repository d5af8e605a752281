#!/bin/bash
# SPDX-License-Identifier: MIT
# lookups.sh: measures lookups beside other resolvers, against servers that lose
# and delay, are dead or lie (fixtures/faulty.c), and prints README.md's tables;
# ten minutes. lookups.sh --write puts them there too. lookups.sh --short: a
# few lookups of each kind, by trowel alone, whatever their time. The exit status
# is 1 if a bar is missed or, with --short, a lookup fails that should not.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/fixtures/lib.sh"
cd "$top/bench" || exit 1

BENCH_PACKAGES="binutils strace libunbound-dev libc-ares-dev"
PEERS="trowel libunbound c-ares glibc"
RUNS=5
MANY=1000 FEW=200
# Kinds of lookups: what they are called, one after another or all at once, the
# servers' ways, the names. MANY is FEW for those that take minutes.
KINDS="
lost-unknown|one|delay=20 drop=1|drop:1
lost-known|one|delay=20 drop=1|known:10 drop:1
lost-twice|one|delay=20 drop=2|drop:1
dead|one|silent/delay=20|x:101
edns|one|delay=20 edns=silent|x:2
silent|one|silent|x:1
closed|one|closed/delay=0|x:1
flood|one|flood=100000|flood:1
seq|one|delay=20 loss=10|x:MANY
all|all|delay=20 loss=10|x:MANY"
# Bars in milliseconds: which kind, of which of its lookups the slowest.
BARS="
one packet lost, server never asked before|450|lost-unknown|1 1
one packet lost, server known: in round trips, not ms|3|lost-known|11 11
two packets lost|1300|lost-twice|1 1
first server dead: first lookup|450|dead|1 1
first server dead: slowest of the next hundred|40|dead|2 101
first server's port closed|5|closed|1 1
EDNS dropped silently: first lookup|1500|edns|1 1
EDNS dropped silently: the next|40|edns|2 2
100,000 forged replies, then the good one|10000|flood|1 1
nobody answers|10050|silent|1 1"

main() {
	[ "${1:-}" != --short ] || PEERS=trowel RUNS=1 MANY=50
	make_scratch
	if [ "$PEERS" != trowel ]; then
		# shellcheck disable=SC2086 # words
		install_packages $BUILD_PACKAGES $BENCH_PACKAGES
	fi
	build_tree
	build_bench
	measure
	if [ "$PEERS" = trowel ]; then
		short_report
		exit
	fi
	report >"$scratch/report"
	cat "$scratch/report"
	[ "${1:-}" != --write ] ||
		put_section README.md "Figures of lookups" <"$scratch/report"
	! grep -q '| \*\*miss\*\* |' "$scratch/report"
}

build_bench() {
	local flags=(-O2 -Wall -Wextra -I.. "-I$build/include" -D_DEFAULT_SOURCE
		-std=gnu11) libraries=() sources=(lookups.c lookups_trowel.c)
	if [ "$PEERS" = trowel ]; then
		flags+=(-DTROWEL_ALONE)
	else
		sources+=(lookups_unbound.c lookups_cares.c lookups_glibc.c)
		libraries+=(-lunbound -lcares -lresolv)
	fi
	run_logged lookups.log gcc "${flags[@]}" -o "$scratch/lookups" \
		"${sources[@]}" "$build/.libs/libtrowel-core.a" \
		"${libraries[@]}"
	run_logged faulty.log gcc "${flags[@]}" -o "$scratch/faulty" \
		"$top/fixtures/faulty.c"
}

# --- the lookups ---

# Kinds whose time is mostly waiting: runs and peers side by side. Others one by
# one, beside nothing but those that wait for silence to end.
measure() {
	local kind run peer
	mkdir "$scratch/runs"
	in_parallel silent &
	# Half of these times is by chance: more runs of ours, and nothing beside them.
	for kind in lost-unknown lost-known lost-twice dead; do
		for run in $(seq $((RUNS * 5))); do
			measure_one $kind trowel "$run"
		done
		[ "$PEERS" = trowel ] ||
			PEERS=${PEERS#trowel } in_parallel $kind
	done
	in_parallel edns
	for kind in closed flood all; do
		for run in $(seq $RUNS); do
			for peer in $PEERS; do
				measure_one $kind "$peer" "$run"
			done
		done
	done
	in_parallel seq
	wait
}

in_parallel() (
	trap - EXIT
	for run in $(seq $RUNS); do
		for peer in $PEERS; do
			measure_one "$1" "$peer" "$run" &
		done
	done
	wait
)

# measure_one kind peer run: leaves a file with a line for each lookup.
measure_one() (
	IFS='|' read -r _ mode ways names <<<"$(grep "^$1|" <<<"$KINDS")"
	servers=() ports=
	trap 'kill "${servers[@]}" 2>/dev/null' EXIT
	while IFS= read -r way; do
		# shellcheck disable=SC2086 # words
		start_server $way "seed=$3"
	done <<<"${ways//\//$'\n'}"
	case $1.$2 in
	all.glibc) exit ;; # it cannot
	dead.glibc | dead.c-ares) names=x:11 ;; # 5 s for each
	seq.glibc | seq.c-ares) names=${names/MANY/$FEW} ;;
	esac
	# shellcheck disable=SC2086 # words
	"$scratch/lookups" "$2" "$mode" "${ports#,}" ${names/MANY/$MANY} \
		>"$scratch/runs/$1.$2.$3"
)

# start_server way...: adds its port to $ports. Called in subshells alone.
# shellcheck disable=SC2030,SC2031
start_server() {
	local file
	if [ "$1" = closed ]; then
		ports+=,1
		return
	fi
	file=$(mktemp -p "$scratch")
	"$scratch/faulty" "$@" >"$file" &
	servers+=($!)
	until [ -s "$file" ]; do
		kill -0 $! 2>/dev/null || die "faulty does not start"
		sleep 0.01
	done
	ports+=,$(<"$file")
}

# --- what came of them ---

median() {
	sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

# slowest kind peer first last: of those lookups, the median of the runs; or
# "failed", if it did in most of them. A silent server's is to fail. A known
# server's time is given in those of the lookups before it.
slowest() {
	local run
	for run in "$scratch/runs/$1.$2".*; do
		if [ "$1" = lost-known ]; then
			awk -v trip="$(head -n 10 "$run" | median)" \
				'END { printf "%.2f\n", $1 / trip }' "$run"
			continue
		fi
		awk -v first="$3" -v last="$4" -v kind="$1" '
		NR < first || NR > last { next }
		$2 == "failed" && kind != "silent" { $1 = 999999 }
		$1 > slowest { slowest = $1 }
		END { print slowest }' "$run"
	done | median | sed 's/^999999$/failed/'
}

# spread kind peer: p50 p95 p99 max, each the median of the runs; failed of all.
spread() {
	local percent run
	for percent in 50 95 99 100; do
		for run in "$scratch/runs/$1.$2".*; do
			sort -n "$run" | awk -v percent=$percent '
			{ value[NR] = $1 }
			END { print value[int((NR * percent + 99) / 100)] }'
		done | median
	done
	cat "$scratch/runs/$1.$2".* |
		awk '$2 == "failed" { failed++ } END { print failed + 0, NR }'
}

report() {
	machine
	bars_table
	spread_table
	costs
}

machine() {
	printf 'Measured %s on %s cores of %s, Linux %s, load average %s.\n' \
		"$(date +%F)" "$(cores)" \
		"$(lscpu | sed -n 's/^Model name: *//p')" "$(uname -r)" \
		"$(cut -d ' ' -f 1 /proc/loadavg)"
	printf 'Peers: libunbound %s, c-ares %s, glibc %s.\n\n' \
		"$(version libunbound-dev)" "$(version libc-ares-dev)" \
		"$(version libc6-dev)"
}

version() {
	dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo "?"
}

bars_table() {
	local what bar kind places peer value
	echo "Milliseconds, medians of $RUNS runs (of trowel's with a packet or a server"
	echo "lost: $((RUNS * 5))):"
	echo
	echo "| | at most | ${PEERS// / | } | |"
	echo "|---|--:|--:|--:|--:|--:|---|"
	while IFS='|' read -r what bar kind places; do
		[ -n "$what" ] || continue
		printf '| %s | %s |' "$what" "$bar"
		for peer in $PEERS; do
			# shellcheck disable=SC2086 # two numbers
			value=$(slowest "$kind" "$peer" $places)
			printf ' %s |' "$value"
			[ "$peer" != trowel ] || verdict "$value" "$bar" "$kind"
		done
		printf ' %s |\n' "$passed"
	done <<<"$BARS"
	echo
}

# verdict value bar kind: sets $passed. Silence has to last to the deadline.
verdict() {
	if [ "$1" != failed ] && awk "BEGIN { exit !($1 <= $2 &&
		(\"$3\" != \"silent\" || $1 >= $2 - 100)) }"; then
		passed=pass
	else
		passed='**miss**'
	fi
}

spread_table() {
	local kind peer
	cat <<_END
20 ms there and back, 10 % of the queries lost: $MANY lookups ($FEW where they
take minutes), milliseconds, medians of $RUNS runs.

| | p50 | p95 | p99 | slowest | failed | |
|---|--:|--:|--:|--:|--:|---|
_END
	for kind in seq all; do
		for peer in $PEERS; do
			[ -f "$scratch/runs/$kind.$peer.1" ] || continue
			# shellcheck disable=SC2046 # words
			set -- $(spread $kind "$peer")
			passed=
			case $kind.$peer in
			seq.trowel) spread_verdict "$2 <= 75 && $3 <= 160 && $5 == 0" ;;
			all.trowel) spread_verdict "$3 <= 300 && $5 == 0" ;;
			esac
			printf '| %s, %s | %s | %s | %s | %s | %s of %s | %s |\n' \
				"${kind/seq/one after another}" "$peer" "$1" \
				"$2" "$3" "$4" "$5" "$6" "$passed" |
				sed 's/^| all,/| all at once,/'
		done
	done
	cat <<_END

The bars are p95 75, p99 160 and no failure one after another; p99 300 and no
failure all at once.

_END
}

spread_verdict() {
	passed='**miss**'
	! awk "BEGIN { exit !($1) }" || passed=pass
}

# --- what a lookup and the library cost ---

costs() {
	local library=$scratch/libtrowel.so
	echo "| | at most | measured | |"
	echo "|---|--:|--:|---|"
	cost "system calls of one more lookup on an open context" 6 \
		"$(system_calls)"
	strip -o "$library" "$build"/.libs/libtrowel.so
	cost "shared library, stripped, octets" 65536 \
		"$(stat -c %s "$library")"
	cost "exported functions" 40 \
		"$(nm -D --defined-only "$library" | grep -c ' T ')"
	echo
}

cost() {
	printf '| %s | %s | %s | %s |\n' "$1" "$2" "$3" \
		"$(awk "BEGIN { print $3 <= $2 ? \"pass\" : \"**miss**\" }")"
}

# Out of 1,000 more lookups.
system_calls() (
	servers=() ports=
	trap 'kill "${servers[@]}" 2>/dev/null' EXIT
	start_server delay=0
	few=$(count_calls 100)
	many=$(count_calls 1100)
	awk "BEGIN { printf \"%.1f\", ($many - $few) / 1000 }"
)

count_calls() {
	strace -f -c -e trace='!write' -o "$scratch/calls" "$scratch/lookups" trowel one \
		"${ports#,}" "x:$1" >/dev/null
	awk '$NF == "total" { print $4 }' "$scratch/calls"
}

# --- where it goes ---

short_report() {
	local bad
	for bad in "$scratch"/runs/*; do
		printf '%s: ' "$(basename "$bad" .trowel.1)"
		tail -n 1 "$bad"
	done
	bad=$(grep -l failed "$scratch"/runs/* | grep -v '/silent\.')
	[ -z "$bad" ] || die "failed: $bad"
	[ "$(find "$scratch/runs" -name '*.1' -size +0 | wc -l)" -eq \
		"$(grep -c '|' <<<"$KINDS")" ] || die "not every kind was measured"
}

main "$@"
