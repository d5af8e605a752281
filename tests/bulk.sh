#!/bin/bash
# SPDX-License-Identifier: MIT
# trowel --bulk as its users see it: lines in, lines out, files, signals, and
# what becomes of it all when something breaks. Asks the dnsmasq of fixtures/,
# and fixtures/fast_responder.c, which has an address for every number.
set -u
. "$(dirname "$0")/check.sh"
[ -n "${TROWEL_TEST_PORT:-}" ] ||
	exec bash "$TOP_SRCDIR/fixtures/with-dnsmasq.sh" bash "$0" "$@"
trowel=$TOP_BUILDDIR/cli/trowel
scratch=$(mktemp -d) || exit 1
pids=
clean_up() {
	# shellcheck disable=SC2086 # a list
	[ -z "$pids" ] || kill $pids 2>/dev/null
	rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP
export HOME=$scratch LC_ALL=C

# serve program word...: builds and starts a server of fixtures/; sets port.
serve() {
	local name=$1
	shift
	[ -x "$scratch/$name" ] ||
		${CC:-cc} -O1 -o "$scratch/$name" "$TOP_SRCDIR/fixtures/$name.c"
	exec 3< <(exec "$scratch/$name" "$@")
	pids="$pids $!"
	read -r -t 5 -u 3 port || echo "$name does not start"
}

# bulk word...: asks the server at $port; sets status, leaves out and err.
bulk() {
	"$trowel" --bulk @127.0.0.1 -p "$port" "$@" \
		>"$scratch/out" 2>"$scratch/err"
	status=$?
}

# Names and what the responder says to them: n1.test 10.0.0.1, ...
names() {
	seq -f 'n%.0f.test' "$1" "$2"
}
answers() {
	seq "$1" "$2" | awk '{ printf "n%d.test.\tA\t10.%d.%d.%d\n", $1,
		$1 / 65536, $1 / 256 % 256, $1 % 256 }'
}

# differs file command...: how it differs from what the command says.
differs() {
	local file=$1
	shift
	"$@" | cmp -s - "$file" || echo "${file##*/} is not as expected:
$(head -n 5 "$file")"
}

has_status() {
	[ "$status" -eq "$1" ] || echo "status $status, not $1: $(
		cat "$scratch/err")"
}

says() {
	grep -q -e "$1" "$scratch/err" || echo "nothing of \"$1\": $(
		cat "$scratch/err")"
}

# --- what comes of names ---

port=$TROWEL_TEST_PORT
cat >"$scratch/names" <<'_END'
# a comment
ns1.trowel.test
ns1.trowel.test MX
nodata.trowel.test  aaaa

missing.trowel.test
txt.trowel.test TXT
_END
bulk "$scratch/names"
sort "$scratch/out" >"$scratch/sorted"
check "each name is a line: data, or why there is none" "$(
	has_status 0
	differs "$scratch/sorted" printf '%s\t%s\t%s\n' \
		missing.trowel.test. A ';NXDOMAIN' \
		nodata.trowel.test. AAAA ';NODATA' \
		ns1.trowel.test. A 192.0.2.53 \
		ns1.trowel.test. MX ';NODATA' \
		txt.trowel.test. TXT '"first string" "second; string"')"
check "the first line says what is asked of whom" "$(
	head -n 1 "$scratch/err" | grep -q "asking 127.0.0.1#$port for A" ||
		cat "$scratch/err")"
check "a summary ends it" "$(says '5 names'; says 'NXDOMAIN 1')"

bulk <<<big.trowel.test
check "what does not fit into a datagram comes by TCP" "$(
	has_status 0
	[ "$(tr '\t' '\n' <"$scratch/out" | grep -c '^198\.')" -eq 100 ] ||
		cat "$scratch/out")"

bulk +short --ordered <<<$'ns1.trowel.test\nmissing.trowel.test'
check "+short leaves names and types out" "$(
	differs "$scratch/out" printf '192.0.2.53\n;NXDOMAIN\n')"

if command -v jq >/dev/null; then
	bulk +jsonl <<<ns1.trowel.test
	"$trowel" @127.0.0.1 -p "$port" ns1.trowel.test +nocookie +jsonl \
		>"$scratch/single"
	same='del(.id, .rtt_us, .attempts)'
	check "+jsonl gives the objects of single lookups" "$(
		has_status 0
		diff <(jq -S "$same" "$scratch/out") \
			<(jq -S "$same" "$scratch/single")
		diff <(jq -c '.attempts[0] | keys' "$scratch/out") \
			<(jq -c '.attempts[0] | keys' "$scratch/single"))"
else
	skip "there is no jq"
fi

bulk <<<$'ns1.trowel.test\nbad..name\nns1.trowel.test\nx.test FOO'
check "a bad line is told by its number, and passed over" "$(
	has_status 10
	says 'line 2: empty label: "bad..name"'
	says 'line 4: unknown type: "x.test FOO"'
	[ "$(wc -l <"$scratch/out")" -eq 2 ] || cat "$scratch/out")"

# Each line comes while the next has not been written yet.
mkfifo "$scratch/in"
"$trowel" --bulk @127.0.0.1 -p "$port" <"$scratch/in" 2>/dev/null \
	>"$scratch/slow.fifo.out" &
slow=$!
exec 4>"$scratch/in"
echo ns1.trowel.test >&4
for _ in {1..100}; do
	[ -s "$scratch/slow.fifo.out" ] && break
	sleep 0.05
done
check "a line comes before the input has ended" "$(
	[ -s "$scratch/slow.fifo.out" ] || echo "nothing in 5 s")"
exec 4>&-
wait "$slow"
check "and the end is the end" "$([ $? -eq 0 ] || echo "not status 0")"

# --- many names ---

serve fast_responder
names 1 20000 >"$scratch/many"
bulk --stats "$scratch/stats" "$scratch/many"
check "every name has its own answer, once" "$(
	has_status 0
	sort "$scratch/out" >"$scratch/sorted"
	answers 1 20000 | sort >"$scratch/right"
	cmp "$scratch/sorted" "$scratch/right")"
if command -v jq >/dev/null; then
	check "--stats has the figures as JSON" "$(
		jq -e '.answered == 20000 and .failed == 0 and
			.rcodes.NOERROR == 20000 and .queries >= 20000 and
			.latency_us.p500 <= .latency_us.p1000' \
			"$scratch/stats" 2>&1 | grep -v true)"
fi
bulk --window 1 --ordered <(names 1 300)
check "a window of one is enough" "$(
	has_status 0
	differs "$scratch/out" answers 1 300)"
bulk +0x20 <(names 1 300)
check "so are letters in random case" "$(
	has_status 0
	sort "$scratch/out" >"$scratch/sorted"
	answers 1 300 | sort >"$scratch/right"
	cmp "$scratch/sorted" "$scratch/right")"

for shard in 1 2 3; do
	bulk --shard "$shard/3" "$scratch/many"
	cp "$scratch/out" "$scratch/shard$shard"
done
check "shards are all of it together, and nothing twice" "$(
	sort "$scratch"/shard? >"$scratch/sorted"
	answers 1 20000 | sort >"$scratch/right"
	cmp "$scratch/sorted" "$scratch/right"
	wc -l "$scratch"/shard? | awk '$1 < 6666 { print }')"
bulk --shard 4/3 </dev/null
check "a shard that there is not is refused" "$(has_status 1)"

start=${EPOCHREALTIME/./}
bulk --rate 100 <(names 1 100)
took=$((${EPOCHREALTIME/./} - start))
check "--rate is held" "$(
	has_status 0
	[ "$took" -ge 900000 ] || echo "100 names in $took us")"

# --- losses ---

serve faulty loss=20 delay=5
bulk --ordered <(names 1 2000)
check "lost queries are sent again, and --ordered keeps the order" "$(
	has_status 0
	differs "$scratch/out" awk \
		'BEGIN { for (i = 1; i <= 2000; i++)
			printf "n%d.test.\tA\t192.0.2.77\n", i }')"
serve faulty silent
bulk +time=1 +tries=1 --failed "$scratch/failed" <(names 1 100)
check "who gets no answer is in the file of --failed, with the reason" "$(
	has_status 9
	[ -s "$scratch/out" ] && echo "output: $(head -n 1 "$scratch/out")"
	sort -V "$scratch/failed" >"$scratch/sorted"
	differs "$scratch/sorted" awk 'BEGIN { for (i = 1; i <= 100; i++)
		printf "n%d.test.\tA\t;TIMED_OUT\n", i }')"
serve fast_responder
bulk "$scratch/failed"
check "which can be fed back in" "$(
	has_status 0
	sort "$scratch/out" >"$scratch/sorted"
	answers 1 100 | sort >"$scratch/right"
	cmp "$scratch/sorted" "$scratch/right")"

# --- interruptions ---

# Killed at once, too: what was there before stays, and nothing else.
echo before >"$scratch/all"
for after in 0.3 1.5 1.4 1.6; do
	"$trowel" --bulk @127.0.0.1 -p "$port" --rate 4000 \
		--checkpoint "$scratch/checkpoint" "$scratch/many" \
		>>"$scratch/all" 2>/dev/null &
	killed=$!
	sleep $after
	kill -KILL "$killed"
	wait "$killed" 2>/dev/null
done
lines=$(wc -l <"$scratch/all")
bulk --checkpoint "$scratch/checkpoint" "$scratch/many"
check "with what was written before, it has to be appended to" "$(
	has_status 8
	says 'append to it')"
"$trowel" --bulk @127.0.0.1 -p "$port" --checkpoint "$scratch/checkpoint" \
	"$scratch/many" >>"$scratch/all" 2>"$scratch/err"
status=$?
check "killed four times, every name has one result at the end" "$(
	has_status 0
	[ "$lines" -gt 3000 ] && [ "$lines" -lt 20000 ] ||
		echo "$lines lines before"
	sort "$scratch/all" >"$scratch/sorted"
	(echo before; answers 1 20000) | sort >"$scratch/right"
	cmp "$scratch/sorted" "$scratch/right")"
"$trowel" --bulk @127.0.0.1 -p "$port" --checkpoint "$scratch/checkpoint" \
	"$scratch/many" >>"$scratch/all" 2>"$scratch/err"
status=$?
check "and another run adds nothing" "$(
	has_status 0
	[ "$(wc -l <"$scratch/all")" -eq 20001 ] || wc -l "$scratch/all")"

"$trowel" --bulk @127.0.0.1 -p "$port" --rate 4000 "$scratch/many" \
	>"$scratch/out" 2>"$scratch/err" &
stopped=$!
sleep 0.7
kill -INT "$stopped"
wait "$stopped"
status=$?
rest=$(sed -n 's/.*tail -n +\([0-9]*\).*/\1/p' "$scratch/err")
check "SIGINT lets what is on its way come, and says how to go on" "$(
	has_status 130
	[ "${rest:-0}" -gt 500 ] || cat "$scratch/err"
	sort "$scratch/out" >"$scratch/sorted"
	answers 1 $((rest - 1)) | sort >"$scratch/right"
	cmp "$scratch/sorted" "$scratch/right")"

# --- what breaks ---

"$trowel" --bulk @127.0.0.1 -p "$port" "$scratch/many" 2>"$scratch/err" |
	head -n 1 >"$scratch/out"
status=${PIPESTATUS[0]}
check "a reader that goes is an error" "$(
	has_status 8
	says 'cannot write the output: Broken pipe')"
"$trowel" --bulk @127.0.0.1 -p "$port" "$scratch/many" >/dev/full \
	2>"$scratch/err"
status=$?
check "so is a disk that is full" "$(has_status 8; says 'No space left')"
(
	trap '' XFSZ
	ulimit -f 100
	exec "$trowel" --bulk @127.0.0.1 -p "$port" "$scratch/many"
) >"$scratch/out" 2>"$scratch/err"
status=$?
check "of which whole lines are left" "$(
	has_status 8
	says 'cannot write'
	[ -s "$scratch/out" ] || echo "nothing was written"
	[ -z "$(tail -c 1 "$scratch/out")" ] || tail -n 1 "$scratch/out"
	answers 1 20000 | sort >"$scratch/right"
	sort "$scratch/out" | comm -23 - "$scratch/right")"
bulk --failed /nonexistent/x <(names 1 3)
check "a file that cannot be made is an error" "$(has_status 8)"
bulk <&-
check "so is an input that is closed" "$(
	has_status 8
	says 'cannot read standard input')"
"$trowel" --bulk @127.0.0.1 -p "$port" "$scratch/many" >&- 2>"$scratch/err"
status=$?
check "and an output that is" "$(has_status 8; says 'cannot write')"
"$trowel" --bulk @127.0.0.1 -p "$port" >"$scratch/out" 2>&- < <(names 1 100)
status=$?
check "without standard error, all goes on" "$(
	has_status 0 2>/dev/null
	[ "$(wc -l <"$scratch/out")" -eq 100 ] || wc -l "$scratch/out")"
bulk /nonexistent/names
check "a file that is not there is an error" "$(
	has_status 8
	says 'cannot read /nonexistent/names')"
bulk "$scratch"
check "so is a directory" "$(has_status 8)"
bulk </dev/null
check "nothing to ask is fine" "$(has_status 0)"
"$trowel" @127.0.0.1 -p "$port" --window 5 n1.test >"$scratch/out" \
	2>"$scratch/err"
status=$?
check "what is for bulk mode alone is refused elsewhere" "$(
	has_status 1
	says '--window goes with --bulk')"

# --- on a terminal ---

if command -v script >/dev/null; then
	script -qec "'$trowel' --bulk @127.0.0.1 -p $port --rate 2000 \
		<'$scratch/many' >/dev/null & sleep 1; kill -INT \$!; wait" \
		"$scratch/typescript" >/dev/null </dev/null
	check "a terminal shows how far it is, and times as bars" "$(
		grep -q 'done, [0-9]*/s: .* open, ' "$scratch/typescript" &&
			grep -q ' ms ##*  *[0-9]' "$scratch/typescript" ||
			cat -v "$scratch/typescript")"
else
	skip "there is no script(1)"
fi
report
