#!/bin/bash
# SPDX-License-Identifier: MIT
# one.sh: measures one lookup from the shell beside other commands, against
# dnsmasq on loopback, and prints README.md's table; half a minute. one.sh
# --write puts it there too. The exit status is 1 if a bar is missed.
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

main() {
	# shellcheck disable=SC2086 # words
	install_packages $BUILD_PACKAGES $FIXTURE_PACKAGES $BENCH_PACKAGES
	make_scratch
	build_all
	start_dnsmasq || die "dnsmasq does not start"
	server="@127.0.0.1 -p $TROWEL_TEST_PORT"
	commands
	measure >"$scratch/figures"
	report >"$scratch/report"
	cat "$scratch/report"
	[ "${1:-}" != --write ] || write_figures
	! grep -q '| \*\*miss\*\* |' "$scratch/report"
}

# As packages are built; and the static command, with musl.
build_all() {
	local kind
	build=$scratch
	[ -f "$top/configure" ] || run_logged autogen.log "$top/autogen.sh"
	for kind in dynamic static; do
		mkdir "$scratch/$kind"
		(cd "$scratch/$kind" && run_logged configure.log \
			"$top/configure" --disable-shared $([ $kind = dynamic ] ||
			echo --enable-static-command CC=musl-gcc)) &&
			run_logged make.log make -C "$scratch/$kind" \
				-j "$(cores)" cli/trowel &&
			strip "$scratch/$kind/cli/trowel" || exit 1
	done
	run_logged one.log gcc -O2 -o "$scratch/one" one.c
}

# What is run, "title|command".
commands() {
	cat >"$scratch/commands" <<_END
trowel +short|$scratch/dynamic/cli/trowel $server $NAME +short
trowel|$scratch/dynamic/cli/trowel $server $NAME
trowel, static, +short|$scratch/static/cli/trowel $server $NAME +short
trowel, static|$scratch/static/cli/trowel $server $NAME
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

# figure title column
figure() {
	awk -F '|' -v title="$1" -v column="$2" \
		'$1 == title { print $column }' "$scratch/figures"
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
}

# bar what most title column unit
bar() {
	awk -v what="$1" -v most="$2" -v is="$(figure "$3" "$4")" -v unit="$5" \
		'BEGIN {
		is = unit == 1 ? is : sprintf("%.2f", is / unit)
		printf "| %s | %s | %s | %s |\n", what, most, is,
			is + 0 <= most + 0 ? "met" : "**miss**"
	}'
}

write_figures() {
	awk -v report="$scratch/report" '
	/^## / { skip = 0 }
	!skip { print }
	/^## Figures of one lookup$/ {
		skip = 1
		print ""
		while ((getline line < report) > 0)
			print line
		print ""
	}' README.md >"$scratch/readme" && cp "$scratch/readme" README.md
}

main "$@"
