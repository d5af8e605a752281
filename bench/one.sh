#!/bin/bash
# SPDX-License-Identifier: MIT
# one.sh: measures one lookup from the shell beside other commands, against
# dnsmasq on loopback, and against a server that loses queries, and prints
# README.md's tables; three minutes. one.sh --write puts them there too. The exit
# status is 1 if a bar is missed.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/fixtures/lib.sh"
cd "$top/bench" || exit 1

BENCH_PACKAGES="valgrind strace musl-tools udns-utils ldnsutils knot-dnsutils
	bind9-dnsutils"
ROUNDS=${ROUNDS:-400}
NAME=ns1.trowel.test
# The command, wall clock and system calls of trowel: bars by dnsget's.
WALL_MAX=0.9 INSTRUCTIONS_MAX=160000 SYSCALLS_MAX=60
STATIC_WALL_MAX=0.35 STATIC_SYSCALLS_MAX=14
# Milliseconds, with 20 there and back and 10 % of the queries lost.
LOSSY_P95_MAX=450
LOOKUPS=${LOOKUPS:-1000} DIG_LOOKUPS=${DIG_LOOKUPS:-200}

main() {
	# shellcheck disable=SC2086 # words
	install_packages $BUILD_PACKAGES $FIXTURE_PACKAGES $BENCH_PACKAGES
	make_scratch
	build_all
	start_dnsmasq || die "dnsmasq does not start"
	server="@127.0.0.1 -p $TROWEL_TEST_PORT"
	commands
	measure >"$scratch/figures"
	measure_loss >"$scratch/losses" || die "no server that loses queries"
	report >"$scratch/report"
	cat "$scratch/report"
	[ "${1:-}" != --write ] ||
		put_section README.md "Figures of one lookup" <"$scratch/report"
	! grep -q '| \*\*miss\*\* |' "$scratch/report"
}

# As packages are built and unpacked: written in one go, a file is mapped in
# fewer pieces. And the static command, with musl.
build_all() {
	local kind options
	build=$scratch
	[ -f "$top/configure" ] || run_logged autogen.log "$top/autogen.sh"
	for kind in dynamic static; do
		options=()
		[ $kind = dynamic ] ||
			options=(--enable-static-command CC=musl-gcc)
		mkdir "$scratch/$kind"
		(cd "$scratch/$kind" && run_logged configure.log \
			"$top/configure" "${options[@]}") &&
			run_logged make.log make -C "$scratch/$kind" \
				-j "$(cores)" cli/trowel &&
			strip -o "$scratch/stripped" \
				"$scratch/$kind/cli/trowel" &&
			cp "$scratch/stripped" "$scratch/$kind/trowel" || exit 1
	done
	run_logged one.log gcc -O2 -o "$scratch/one" one.c
	run_logged faulty.log gcc -O2 -D_DEFAULT_SOURCE -o "$scratch/faulty" \
		"$top/fixtures/faulty.c"
}

# What is run, "title|command".
commands() {
	cat >"$scratch/commands" <<_END
trowel +short|$scratch/dynamic/trowel $server $NAME +short
trowel|$scratch/dynamic/trowel $server $NAME
trowel, static, +short|$scratch/static/trowel $server $NAME +short
trowel, static|$scratch/static/trowel $server $NAME
dnsget|$(command -v dnsget) -n 127.0.0.1 -o port:$TROWEL_TEST_PORT -t a $NAME
drill -Q|$(command -v drill) -Q -p $TROWEL_TEST_PORT @127.0.0.1 $NAME
kdig +short|$(command -v kdig) $server $NAME +short
dig +short|$(command -v dig) $server $NAME +short
_END
}

# "title|wall|CPU|page faults|instructions|system calls", in microseconds.
measure() {
	local title command words=()
	while IFS='|' read -r title command; do
		# shellcheck disable=SC2206 # words
		words+=($command --)
	done <"$scratch/commands"
	"$scratch/one" "$ROUNDS" "${words[@]}" >"$scratch/times" ||
		die "a command fails"
	while IFS='|' read -r title command; do
		echo "$title|$(instructions $command)|$(system_calls $command)"
	done <"$scratch/commands" | paste -d '|' "$scratch/times" - |
		sed 's/ /|/; s/ /|/' |
		awk -F '|' -v OFS='|' '{ print $4, $1, $2, $3, $5, $6 }'
}

# In user space, from the first of the dynamic linker's on.
instructions() {
	env -i valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" \
		2>&1 >/dev/null | sed -n 's/.*Collected : //p'
}

# Without the one that ends it, which does not return.
system_calls() {
	env -i strace -f -qq -e signal=none -o "$scratch/strace" "$@" >/dev/null
	grep -v -e ' resumed>' -e '+++' "$scratch/strace" |
		grep -vc -e 'exit_group('
}

# Each lookup a process, of a name of its own: "title|p50|p95|p99|slowest|failed
# |all", in milliseconds. dig, whose losses take five seconds, ten at a time.
measure_loss() (
	"$scratch/faulty" delay=20 loss=10 seed=1 >"$scratch/port" &
	faulty_pid=$!
	trap 'kill $faulty_pid' EXIT
	until [ -s "$scratch/port" ]; do
		kill -0 $faulty_pid || exit 1
	done
	server="@127.0.0.1 -p $(cat "$scratch/port")"
	look_up "$LOOKUPS" "$scratch/dynamic/trowel" >"$scratch/lossy.trowel"
	for ten in 0 1 2 3 4 5 6 7 8 9; do
		look_up $((DIG_LOOKUPS / 10)) dig $ten &
		pids[ten]=$!
	done >"$scratch/lossy.dig"
	wait "${pids[@]}"
	distribution trowel "$scratch/lossy.trowel"
	distribution dig "$scratch/lossy.dig"
)

# look_up count command [prefix]: microseconds and the exit status of each.
look_up() {
	local i start status
	for ((i = 0; i < $1; i++)); do
		start=${EPOCHREALTIME/[.,]/}
		# shellcheck disable=SC2086 # words
		"$2" $server "x${3:-}-$i.test" +short | grep -qx 192.0.2.77
		status=$?
		echo "$((${EPOCHREALTIME/[.,]/} - start)) $status"
	done
}

distribution() {
	sort -n "$2" | awk -v title="$1" '
	{ us[NR] = $1; failed += $2 != 0 }
	function quantile(part) {
		return us[int(NR * part + 0.999999)] / 1000
	}
	END {
		printf "%s|%.1f|%.1f|%.1f|%.1f|%d|%d\n", title, quantile(0.5),
			quantile(0.95), quantile(0.99), us[NR] / 1000, failed, NR
	}'
}

# figure title column [file]
figure() {
	awk -F '|' -v title="$1" -v column="$2" \
		'$1 == title { print $column }' "${3:-$scratch/figures}"
}

report() {
	local dnsget
	dnsget=$(figure dnsget 2)
	printf 'Measured %s on %s cores of %s, Linux %s, %s, load average %s; ' \
		"$(date +%F)" "$(cores)" \
		"$(lscpu | sed -n 's/^Model name: *//p')" "$(uname -r)" \
		"$(gcc --version | sed -n '1s/.* (/gcc (/p')" \
		"$(cut -d ' ' -f 1 /proc/loadavg)"
	printf '%s rounds.\n\n' "$ROUNDS"
	echo "| command | wall ms | x dnsget | CPU ms | instructions |" \
		"system calls | page faults |"
	echo "|---|---|---|---|---|---|---|"
	awk -F '|' -v dnsget="$dnsget" '{
		printf "| %s | %.2f | %.2f | %.2f | %d | %d | %d |\n", $1,
			$2 / 1000, $2 / dnsget, $3 / 1000, $5, $6, $4
	}' "$scratch/figures"
	echo
	echo "| bar | at most | is | |"
	echo "|---|---|---|---|"
	bar "wall clock, of dnsget's" $WALL_MAX "trowel +short" 2 "$dnsget"
	bar "instructions" $INSTRUCTIONS_MAX "trowel +short" 5 1
	bar "system calls" $SYSCALLS_MAX "trowel +short" 6 1
	bar "static: wall clock, of dnsget's" $STATIC_WALL_MAX \
		"trowel, static, +short" 2 "$dnsget"
	bar "static: system calls" $STATIC_SYSCALLS_MAX \
		"trowel, static, +short" 6 1
	bar "20 ms, 10 % lost: p95 of trowel, ms" $LOSSY_P95_MAX trowel 3 1 \
		"$scratch/losses"
	bar "20 ms, 10 % lost: failed" 0 trowel 6 1 "$scratch/losses"
	echo
	echo "With 20 ms there and back and 10 % of the queries lost, each" \
		"lookup a process of its own, milliseconds:"
	echo
	echo "| | p50 | p95 | p99 | slowest | failed |"
	echo "|---|--:|--:|--:|--:|--:|"
	awk -F '|' '{
		printf "| %s | %s | %s | %s | %s | %d of %d |\n", $1, $2, $3, $4,
			$5, $6, $7
	}' "$scratch/losses"
}

# bar what most title column unit [file]
bar() {
	awk -v what="$1" -v most="$2" -v is="$(figure "$3" "$4" "${6:-}")" \
		-v unit="$5" \
		'BEGIN {
		is = unit == 1 ? is : sprintf("%.2f", is / unit)
		printf "| %s | %s | %s | %s |\n", what, most, is,
			is + 0 <= most + 0 ? "met" : "**miss**"
	}'
}

main "$@"
