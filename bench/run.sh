#!/bin/bash
# SPDX-License-Identifier: MIT
# run.sh: measures the codec beside its peers and prints README.md's tables.
# run.sh --write: puts them there too, below "## Figures". About two minutes.
# The exit status is 1 if a bar is missed.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/fixtures/lib.sh"
cd "$top/bench" || exit 1

BENCH_PACKAGES="make gcc libc6-dev valgrind libudns-dev libc-ares-dev
	libknot-dev libldns-dev"
PEERS=(trowel udns "glibc ns_parse" c-ares libknot ldns)
WORKS=(walk addresses query name)
# Passes of two runs: their difference is what counts.
FEW=2
MANY=12

main() {
	# shellcheck disable=SC2086 # a list of words
	install_packages $BENCH_PACKAGES
	make_scratch
	build
	"$out/codec" corpus.hex check >"$scratch/check" ||
		die "the peers do not agree on the corpus"
	measure_costs
	"$out/codec" corpus.hex time >"$scratch/times" || die "no times"
	"$out/hostile" >"$scratch/hostile" || die "no times of hostile"
	report >"$scratch/report"
	cat "$scratch/report"
	[ "${1:-}" != --write ] ||
		put_section README.md "Figures" <"$scratch/report"
	! grep -q '| \*\*miss\*\* |' "$scratch/report"
}

build() {
	out=${TROWEL_BUILD:-$top/build}/bench
	mkdir -p "$out" 2>/dev/null && [ -w "$out" ] || out=$scratch/bench
	# shellcheck disable=SC2034 # where run_logged has its logs
	build=$scratch
	run_logged bench.log make -j "$(cores)" OUT="$out"
}

# --- instructions and allocations: "peer work instructions allocations" ---

measure_costs() {
	local peer name
	for peer in "${PEERS[@]}"; do
		measure_peer "$out/codec" "$peer" >"$scratch/costs.$peer" &
	done
	measure_peer "$out/codec-shared" trowel |
		sed 's/^trowel/trowel, shared/' >"$scratch/costs.shared" &
	wait
	for name in trowel shared "${PEERS[@]:1}"; do
		cat "$scratch/costs.$name"
	done >"$scratch/costs"
}

measure_peer() {
	local program=$1 peer=$2 work units
	for work in "${WORKS[@]}"; do
		# Some cannot do all of it.
		"$program" corpus.hex run "$peer" "$work" 0 || continue
		units=$("$program" corpus.hex units "$work")
		printf '%s\t%s\t%s\t%s\n' "$peer" "$work" \
			"$(difference instructions "$units" "$@" "$work")" \
			"$(difference allocations "$units" "$@" "$work")"
	done
}

# difference counter units program peer work: the count of one unit.
difference() {
	local counter=$1 units=$2 few many
	few=$("$counter" "$3" corpus.hex run "$4" "$5" "$FEW")
	many=$("$counter" "$3" corpus.hex run "$4" "$5" "$MANY")
	awk "BEGIN { printf \"%.1f\", ($many - $few) / $((MANY - FEW)) / $units }"
}

instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 |
		sed -n 's/.*Collected : //p'
}

allocations() {
	LD_PRELOAD=$out/count.so "$@" 2>&1 | sed -n 's/^allocations: //p'
}

# --- the tables ---

report() {
	machine
	codec_table
	bars_table
	hostile_table
}

machine() {
	printf 'Measured %s on %s cores of %s, Linux %s, %s, %s. ' \
		"$(date +%F)" "$(cores)" \
		"$(lscpu | sed -n 's/^Model name: *//p')" \
		"$(uname -r)" "$(gcc --version | sed -n '1s/.* (/gcc (/p')" \
		"$(valgrind --version)"
	printf 'Load average %s.\n' "$(cut -d ' ' -f 1 /proc/loadavg)"
	printf 'Peers: udns %s, glibc %s, c-ares %s, libknot %s, ldns %s.\n\n' \
		"$(version libudns-dev)" "$(version libc6-dev)" \
		"$(version libc-ares-dev)" "$(version libknot-dev)" \
		"$(version libldns-dev)"
	sed -n '1s/^/Corpus: /p' "$scratch/check"
	printf '\n'
}

version() {
	dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo "?"
}

codec_table() {
	cat <<'_END'
Instructions, nanoseconds and allocations of (a) a message walked, (b) the
addresses of a message, a query encoded, and a name from text:

_END
	awk -F '\t' '
	FILENAME ~ /times$/ { ns[$1, $2] = $3; next }
	!($1 in seen) { peers[++count] = $1; seen[$1] = 1 }
	{ instructions[$1, $2] = $3; allocations[$1, $2] = $4 }
	function cell(peer, work, time) {
		if (!((peer, work) in instructions))
			return " - | - | - |"
		time = "-"
		if ((peer, work) in ns)
			time = sprintf("%.0f", ns[peer, work])
		return sprintf(" %.0f | %s | %.1f |",
			instructions[peer, work], time, allocations[peer, work])
	}
	END {
		printf "| |"
		split("(a) (b) query name", titles, " ")
		for (i = 1; i <= 4; i++)
			printf " %s instr | ns | allocs |", titles[i]
		printf "\n|---|"
		for (i = 1; i <= 12; i++)
			printf "--:|"
		printf "\n"
		for (i = 1; i <= count; i++)
			print "| " peers[i] " |" cell(peers[i], "walk") \
				cell(peers[i], "addresses") \
				cell(peers[i], "query") cell(peers[i], "name")
		print ""
	}' "$scratch/times" "$scratch/costs"
}

bars_table() {
	awk -F '\t' '
	FILENAME ~ /hostile$/ {
		if ($2 != "trowel")
			next
		shapes++
		time = $4 > $7 ? $4 : $7
		ratio = $5 > $8 ? $5 : $8
		if (time > worst_time) { worst_time = time; slowest = $1 }
		if (ratio > worst_ratio) { worst_ratio = ratio; steepest = $1 }
		next
	}
	{
		instructions[$1, $2] = $3
		if ($1 == "trowel")
			ours += $4
		if ($1 !~ /^trowel/ && (!($2 in best) || $3 < best[$2]))
			best[$2] = $3
	}
	function bar(what, limit, got, form, verdict) {
		verdict = got <= limit ? "pass" : "**miss**"
		printf "| %s | " form " | " form " | %s |\n", what, limit, got,
			verdict
	}
	END {
		print "| bar | at most | measured | |\n|---|--:|--:|---|"
		walk = instructions["trowel", "walk"]
		addresses = instructions["trowel", "addresses"]
		bar("(a) instructions", 1280, walk, "%.0f")
		bar("(a) of udns", 0.60, walk / instructions["udns", "walk"],
			"%.2f")
		bar("(b) instructions", 1050, addresses, "%.0f")
		bar("(b) of the best peer", 1 / 3, addresses / best["addresses"],
			"%.2f")
		bar("query, instructions", 320, instructions["trowel", "query"],
			"%.0f")
		bar("name, instructions", 440, instructions["trowel", "name"],
			"%.0f")
		bar("allocations, all four", 0, ours, "%.0f")
		bar("64 KiB, worst of " shapes " shapes (" slowest "), us", 300,
			worst_time, "%.0f")
		bar("64 KiB to 32 KiB, worst shape (" steepest "), times", 2.2,
			worst_ratio, "%.2f")
		print ""
	}' "$scratch/costs" "$scratch/hostile"
}

hostile_table() {
	cat <<'_END'
Messages built to be slow, microseconds at 64 KiB and times those at 32 KiB; for
the peers the dearer of check and (b). "!" stands where a message is refused.

_END
	awk -F '\t' '
	function number(value) {
		return value < 10 ? sprintf("%.1f", value) : sprintf("%.0f", value)
	}
	BEGIN {
		print "| shape | trowel, check | x | check and (b) | x | udns |" \
			" glibc | c-ares | libknot | ldns |"
		print "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
	}
	$2 == "trowel" {
		if (NR > 1)
			print ""
		printf "| %s | %s%s | %.2f | %s%s | %.2f |", $1, number($4),
			$3 == "no" ? "!" : "", $5, number($7),
			$6 == "no" ? "!" : "", $8
		next
	}
	{
		printf " %s%s |", number($4 > $7 ? $4 : $7),
			$3 == "no" ? "!" : ""
	}
	END { print "" }' "$scratch/hostile"
}

main "$@"
