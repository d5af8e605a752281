#!/bin/bash
# SPDX-License-Identifier: MIT
# bulk.sh: measures `trowel --bulk` beside other clients that ask for many names,
# and beside the floor, against fixtures/fast_responder.c, and prints README.md's
# tables; five minutes. bulk.sh --write puts them there too. bulk.sh --short: a
# few names by trowel alone, whatever their time: seconds. The exit status is 1
# if a bar is missed or, with --short, if an answer is. Linux, two processors.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/fixtures/lib.sh"
cd "$top/bench" || exit 1

BENCH_PACKAGES="valgrind jq libudns-dev libc-ares-dev dnsperf adns-tools
	bind9-dnsutils iproute2"
NAMES=200000 ROUNDS=${ROUNDS:-7}
# Those that ask one by one, or start again and again, get fewer names.
FEW=5000
# What is measured, "client|title|names|responder's words".
CLIENTS="
blast|floor: sendmmsg, canned, counted|$NAMES|
trowel|trowel --bulk|$NAMES|
blast-offload|floor, offload|$NAMES|
trowel-plain|trowel --bulk, no offload|$NAMES|
udns|udns loop, 100|$NAMES|
trowel-buffers|trowel --bulk, default buffers|$NAMES|
cares|c-ares loop, 2000|$NAMES|
dnsperf|dnsperf -c 4 -q 2000 -b 4096|$NAMES|
adnshost|adnshost, xargs -n 200|$NAMES|
dig|dig -f|$FEW|
blast-coalesced|floor, offload, coalescing responder|$NAMES|coalesce
trowel-coalesced|trowel --bulk, coalescing responder|$NAMES|coalesce"
# Of whom the instructions are counted.
COUNTED="trowel udns cares dnsperf"
# massdns is in no package. Beside the udns loop it took 6.46 us of CPU a lookup
# when that took 5.47, and did 139,000 lookups a second: README.md.
MASSDNS_OF_UDNS=1.18 MASSDNS_RATE=139000

main() {
	make_scratch
	if [ "${1:-}" = --short ]; then
		short
		exit
	fi
	# shellcheck disable=SC2086 # words
	install_packages $BUILD_PACKAGES $BENCH_PACKAGES
	build_all udns:-ludns cares:-lcares
	measure
	count_instructions >"$scratch/instructions"
	measure_memory >"$scratch/memory"
	measure_loss $NAMES >"$scratch/loss"
	report >"$scratch/report"
	cat "$scratch/report"
	[ "${1:-}" != --write ] ||
		put_section README.md "Figures of bulk mode" <"$scratch/report"
	! grep -q '| \*\*miss\*\* |' "$scratch/report"
}

# build_all peer:library...
build_all() {
	local peer flags=(-O2 -Wall -Wextra -D_DEFAULT_SOURCE -std=gnu11)
	build_tree
	trowel=$build/cli/trowel
	for peer in fixtures/fast_responder fixtures/lossy_proxy \
		bench/bulk_run bench/bulk_blast; do
		run_logged bulk.log gcc "${flags[@]}" \
			-o "$scratch/${peer##*/}" "$top/$peer.c"
	done
	run_logged bulk.log gcc "${flags[@]}" -shared -fPIC \
		-o "$scratch/bulk_refuse.so" bulk_refuse.c
	for peer; do
		run_logged bulk.log gcc "${flags[@]}" -o \
			"$scratch/bulk_${peer%:*}" "bulk_${peer%:*}.c" "${peer#*:}"
	done
	make_names $NAMES >"$scratch/names"
}

# Of 24 to 35 octets, in no order; all distinct.
make_names() {
	awk -v count="$1" 'BEGIN {
		srand(7)
		for (i = 0; i < count; i++)
			printf "%s%07d.example.test\n",
				substr("abcdefghijkl", 1, int(rand() * 12)), i
	}'
}

# --- one run ---

# Those that were started, to be ended with the subshell that started them.
started=()

# start program word...: sets $port.
start() {
	rm -f "$scratch/$1.out"
	"${apart[@]}" "$scratch/$1" "${@:2}" >"$scratch/$1.out" &
	started+=($!)
	until [ -s "$scratch/$1.out" ]; do
		kill -0 $! 2>/dev/null || die "$1 does not start"
		sleep 0.01
	done
	read -r port <"$scratch/$1.out"
}

# stop program: sets $told to the last number that it tells.
stop() {
	kill "${started[-1]}"
	wait "${started[-1]}"
	unset 'started[-1]'
	told=$(sed -n '2s/.* //p' "$scratch/$1.out")
}

# measure_one client names word...: prints "WALL USER SYSTEM RSS RIGHT AGAIN".
measure_one() (
	apart=()
	trap 'kill "${started[@]}" 2>/dev/null' EXIT
	# It knows port 53 only.
	[ "$1" != adnshost ] ||
		apart=(unshare -n sh -c 'ip link set lo up && exec "$0" "$@"')
	# shellcheck disable=SC2046 # a word or none
	start fast_responder core=1 "${@:3}" \
		$([ "$1" != adnshost ] || echo port=53)
	head -n "$2" "$scratch/names" >"$scratch/asked"
	run "$1" "$2" "$scratch/bulk_run" 0 3>"$scratch/took" \
		>"$scratch/answers" 2>"$scratch/errors" ||
		cat "$scratch/errors" >&2
	stop fast_responder
	echo "$(<"$scratch/took") $(count_right "$1") $told"
)

# run client names prefix...: prints what it answers.
run() {
	local asked=$scratch/asked bulk
	bulk=("${@:3}" "$trowel" --bulk "$asked" @127.0.0.1 -p "$port")
	case $1 in
	blast) "${@:3}" "$scratch/bulk_blast" "$port" "$2" ;;
	blast*) "${@:3}" "$scratch/bulk_blast" "$port" "$2" offload ;;
	udns) "${@:3}" "$scratch/bulk_udns" "$port" 100 <"$asked" ;;
	cares) "${@:3}" "$scratch/bulk_cares" "$port" 2000 <"$asked" ;;
	dnsperf) sed 's/$/ A/' "$asked" >"$asked.a"
		"${@:3}" dnsperf -s 127.0.0.1 -p "$port" -d "$asked.a" \
			-c 4 -q 2000 -b 4096 -n 1 ;;
	adnshost) "${@:3}" nsenter --net="/proc/${started[-1]}/ns/net" \
		xargs -n 200 adnshost --config 'nameserver 127.0.0.1' \
		-t a <"$asked" ;;
	dig) "${@:3}" dig @127.0.0.1 -p "$port" +noall +answer -f "$asked" ;;
	trowel-plain) refused offload "${bulk[@]}" ;;
	trowel-buffers) refused buffers "${bulk[@]}" ;;
	*) "${bulk[@]}" ;;
	esac
}

# refused what command...: where the kernel does not have it.
refused() {
	env LD_PRELOAD="$scratch/bulk_refuse.so" BULK_REFUSE="$1" "${@:2}"
}

# count_right client: how many names have the address that the responder gave.
# Two of the programs say nothing but how many replies they had.
count_right() {
	case $1 in
	blast*) cat "$scratch/answers" ;;
	dnsperf) sed -n 's/.*completed: *\([0-9]*\).*/\1/p' "$scratch/answers" ;;
	*) awk '{
		name = $1
		sub(/\..*/, "", name)
		gsub(/[^0-9]/, "", name)
		number = name + 0
		address = "10." int(number / 65536) "." \
			int(number / 256) % 256 "." number % 256
		if (name != "" && $NF == address && !(number in seen)) {
			seen[number] = 1
			right++
		}
	} END { print right + 0 }' "$scratch/answers" ;;
	esac
}

# --- all runs ---

# "client title wall user system rss right again names", by tabs. Forth and
# back: each has two neighbours.
measure() {
	local round client title names words order=cat
	for ((round = 0; round < ROUNDS; round++)); do
		while IFS='|' read -r client title names words; do
			# shellcheck disable=SC2046,SC2086 # words
			set -- $(measure_one "$client" "$names" $words)
			[ $# -eq 6 ] || die "$client fails"
			printf '%s\t' "$client" "$title" "$@"
			echo "$names"
		done < <(grep '|' <<<"$CLIENTS" | $order)
		order=$([ $order = cat ] && echo tac || echo cat)
	done >"$scratch/results"
}

# "client instructions": of one lookup, the difference of two runs.
count_instructions() {
	local client
	for client in $COUNTED; do
		echo "$client $((($(instructions "$client" 22000) -
			$(instructions "$client" 2000)) / 20000))"
	done
}

instructions() (
	apart=()
	trap 'kill "${started[@]}" 2>/dev/null' EXIT
	start fast_responder core=1
	head -n "$2" "$scratch/names" >"$scratch/asked"
	run "$1" "$2" valgrind --tool=callgrind --log-file="$scratch/grind" \
		--callgrind-out-file=/dev/null >/dev/null 2>&1
	sed -n 's/.*Collected : //p' "$scratch/grind"
)

# "window names rss", of names that come through a pipe.
measure_memory() (
	apart=()
	trap 'kill "${started[@]}" 2>/dev/null' EXIT
	while read -r window names; do
		start fast_responder core=1
		make_names "$names" | "$scratch/bulk_run" 0 "$trowel" --bulk \
			@127.0.0.1 -p "$port" --window "$window" \
			3>"$scratch/took" >/dev/null 2>"$scratch/errors"
		stop fast_responder
		echo "$window $names $(cut -d ' ' -f 4 "$scratch/took")"
	done <<_END
2000 100000
10000 100000
10000 10000000
_END
)

# measure_loss names: "asked right again p50 p99 slowest", the latter in ms.
measure_loss() (
	trap 'kill "${started[@]}" 2>/dev/null' EXIT
	apart=()
	start fast_responder
	start lossy_proxy "$port" delay=20 jitter=10 loss=5
	head -n "$1" "$scratch/names" >"$scratch/asked"
	"$trowel" --bulk "$scratch/asked" @127.0.0.1 -p "$port" \
		--stats "$scratch/stats" >"$scratch/answers" \
		2>"$scratch/errors"
	stop lossy_proxy
	echo "$1 $(count_right trowel) $told" \
		"$(jq -r '.latency_us | [.p500, .p990, .p1000] |
			map(. / 1000 | floor) | join(" ")' "$scratch/stats")"
)

# --- the tables ---

report() {
	machine
	clients_table
	bars_table
	loss_table
}

machine() {
	printf 'Measured %s on %s cores of %s, Linux %s, %s, %s. ' \
		"$(date +%F)" "$(cores)" \
		"$(lscpu | sed -n 's/^Model name: *//p')" "$(uname -r)" \
		"$(gcc --version | sed -n '1s/.* (/gcc (/p')" \
		"$(valgrind --version)"
	printf 'Load average %s.\n' "$(cut -d ' ' -f 1 /proc/loadavg)"
	printf 'Peers: udns %s, c-ares %s, dnsperf %s, adns %s, dig %s.\n' \
		"$(version libudns-dev)" "$(version libc-ares-dev)" \
		"$(version dnsperf)" "$(version adns-tools)" \
		"$(version bind9-dnsutils)"
	printf 'Medians of %s rounds.\n\n' "$ROUNDS"
}

version() {
	dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo "?"
}

# Of a line of $scratch/results; and what comes of them; for awk.
FIGURES='
function rate() { return $9 / $3 }
function cpu() { return ($4 + $5) / $9 * 1e6 }
function median(values, count, i, j, value) {
	for (i = 2; i <= count; i++) {
		value = values[i]
		for (j = i - 1; j > 0 && values[j] > value; j--)
			values[j + 1] = values[j]
		values[j + 1] = value
	}
	return values[int((count + 1) / 2)]
}'

clients_table() {
	cat <<_END
| | lookups/s | CPU us | of it user | of udns's | user instr | RSS KiB | right | sent again |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
_END
	grep '|' <<<"$CLIENTS" | while IFS='|' read -r client title names _; do
		printf '| %s | %s | %s | %s | %s | %s | %s | %s of %s | %s |\n' \
			"$title" \
			"$(figure "$client" '%.0f' 'rate()')" \
			"$(figure "$client" '%.2f' 'cpu()')" \
			"$(figure "$client" '%.2f' '$4 / $9 * 1e6')" \
			"$(ratio "$client" udns)" \
			"$(instructions_of "$client")" \
			"$(figure "$client" '%d' '$6')" \
			"$(figure "$client" '%d' '$7')" "$names" \
			"$(again_of "$client")"
	done
	echo
}

# The floor asks for a few names all the time.
again_of() {
	case $1 in
	blast*) echo - ;;
	*) figure "$1" %d '$8' ;;
	esac
}

# figure client form expression: the median of its rounds.
figure() {
	awk -F '\t' -v client="$1" -v form="$2" "$FIGURES"'
	$1 == client { values[++count] = '"$3"' }
	END { printf form, median(values, count) }' "$scratch/results"
}

# ratio client other: of their CPU, the median of the rounds' ratios.
ratio() {
	awk -F '\t' -v client="$1" -v other="$2" "$FIGURES"'
	$1 == client { mine[++count] = cpu() }
	$1 == other { others[++other_count] = cpu() }
	END {
		for (i = 1; i <= count; i++)
			values[i] = mine[i] / others[i]
		printf "%.2f", median(values, count)
	}' "$scratch/results"
}

instructions_of() {
	awk -v client="$1" '$1 == client { print $2; found = 1 }
		END { if (!found) print "-" }' "$scratch/instructions"
}

bars_table() {
	local of_udns window names rss
	echo "| bar | | measured | |"
	echo "|---|--:|--:|---|"
	bar "CPU, of the udns loop's" '<=' 0.72 "$(ratio trowel udns)"
	of_udns=$(ratio trowel-plain udns)
	bar "the same without offload, where the floor has $(ratio blast udns)" \
		'<=' 0.72 "$of_udns"
	bar "CPU without offload, of massdns's" '<=' 0.60 \
		"$(awk "BEGIN { printf \"%.2f\", $of_udns / $MASSDNS_OF_UDNS }")"
	bar "the floor's CPU, of trowel's without offload" '>=' 0.85 \
		"$(ratio blast trowel-plain)"
	bar "CPU with offload, of massdns's" '<=' 0.45 \
		"$(awk "BEGIN { printf \"%.2f\", \
			$(ratio trowel udns) / $MASSDNS_OF_UDNS }")"
	bar "lookups/s, replies coalesced, of massdns's" '>=' 5 \
		"$(figure trowel-coalesced %.1f "rate() / $MASSDNS_RATE")"
	bar "user instructions" '<=' 1220 "$(instructions_of trowel)"
	for client in trowel trowel-plain trowel-buffers trowel-coalesced; do
		bar "$client: not right" '<=' 0 \
			"$(figure $client %d '$9 - $7')"
		bar "$client: sent again, %" '<' 0.1 \
			"$(figure $client %.3f '$8 / $9 * 100')"
	done
	while read -r window names rss; do
		bar "RSS, KiB, window $window, $names names" '<' \
			$((window == 2000 ? 4096 : 16384)) "$rss"
	done <"$scratch/memory"
	echo
}

# bar what comparison bar value
bar() {
	awk -v what="$1" -v than="$2" -v bar="$3" -v is="$4" 'BEGIN {
		pass = than == ">=" ? is + 0 >= bar : \
			than == "<" ? is + 0 < bar : is + 0 <= bar
		printf "| %s | %s %s | %s | %s |\n", what, than, bar, is,
			pass && is != "" ? "pass" : "**miss**"
	}'
}

loss_table() {
	local asked right again p50 p99 slowest
	read -r asked right again p50 p99 slowest <"$scratch/loss"
	cat <<_END
Behind a proxy that loses 5 % of the queries and answers after 20 +- 10 ms:
$asked names, $right right, $again queries lost; half within $p50 ms, the slowest
after $slowest ms.

| bar | | measured | |
|---|--:|--:|---|
_END
	bar "names without their answer" '<=' 0 $((asked - right))
	bar "p99, ms" '<' 1000 "$p99"
	echo
}

# --- a few, by trowel alone ---

short() {
	local client words bad=0
	NAMES=20000
	build_all
	for client in trowel trowel-plain trowel-buffers trowel-coalesced; do
		words=
		[ $client != trowel-coalesced ] || words=coalesce
		# shellcheck disable=SC2046,SC2086 # words
		set -- $(measure_one $client $NAMES $words)
		echo "$client: $NAMES names in $1 s, $5 right, $6 sent again"
		# Some are on a busy machine.
		[ "$5" -eq $NAMES ] && [ $(($6 * 10)) -lt $NAMES ] || bad=1
	done
	# shellcheck disable=SC2046
	set -- $(measure_loss 2000)
	echo "5 % lost: $1 names, $2 right, p99 $5 ms"
	[ "$2" -eq "$1" ] && [ "$5" -lt 1000 ] || bad=1
	[ $bad -eq 0 ] || die "not as it should be"
}

main "$@"
