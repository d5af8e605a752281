#!/bin/bash
# SPDX-License-Identifier: MIT
# The command as its users see it: beside dig, and its ways of its own with
# errors, exit statuses and odd command lines. Asks the dnsmasq of fixtures/.
set -u
. "$(dirname "$0")/check.sh"
[ -n "${TROWEL_TEST_PORT:-}" ] ||
	exec bash "$TOP_SRCDIR/fixtures/with-dnsmasq.sh" bash "$0" "$@"
trowel=$TOP_BUILDDIR/cli/trowel
port=$TROWEL_TEST_PORT
server=@127.0.0.1
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch LC_ALL=C TZ=UTC

# run argument...: sets status, and leaves the files out and err.
run() {
	"$trowel" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
}

# What differs between two runs of dig for the same question.
even_out() {
	sed -E \
		-e 's/^; <<>> (DiG|trowel) [^ ]+ <<>>/; <<>> X <<>>/' \
		-e 's/(, id: )[0-9]+$/\1N/' \
		-e 's/^(;; Query time: )[0-9]+ /\1N /' \
		-e 's/^(;; WHEN: ).{3} .{3} .. ..:..:.. UTC .{4}$/\1DATE/'
}

# is_as_digs argument...: every line, and the exit status. dig is told to send
# no cookie, as trowel sends none; its banner must not tell.
is_as_digs() {
	local digs_status
	echo "+nocookie" >"$scratch/.digrc"
	dig "$server" -p "$port" "$@" </dev/null 2>/dev/null |
		even_out >"$scratch/dig"
	digs_status=${PIPESTATUS[0]}
	run "$server" -p "$port" "$@"
	even_out <"$scratch/out" >"$scratch/trowel"
	check "as dig's: $*" "$(
		[ -s "$scratch/dig" ] || [ "${silent:-}" ] ||
			echo "dig says nothing"
		diff "$scratch/dig" "$scratch/trowel"
		[ "$status" -eq "$digs_status" ] ||
			echo "status $status, dig's $digs_status"
		cat "$scratch/err")"
}

# ends_as_dig argument...: the exit status alone.
ends_as_dig() {
	local digs_status
	dig "$server" -p "$port" "$@" </dev/null >/dev/null 2>&1
	digs_status=$?
	run "$server" -p "$port" "$@"
	check "ends as dig: $*" "$(
		[ "$status" -eq "$digs_status" ] ||
			echo "status $status, dig's $digs_status"
		[ -s "$scratch/err" ] || echo "there is no word of it")"
}

# says "a sentence" status out-pattern err-pattern argument...: the patterns are
# of grep -E, and "" is for no output at all.
says() {
	local sentence=$1 wanted=$2 out=$3 err=$4
	shift 4
	run "$@"
	check "$sentence" "$(
		[ "$status" -eq "$wanted" ] ||
			echo "status $status, not $wanted"
		contradicts out "$out"
		contradicts err "$err")"
}

contradicts() {
	if [ -z "$2" ]; then
		[ ! -s "$scratch/$1" ] || { echo "$1:"; cat "$scratch/$1"; }
	elif ! grep -qE -e "$2" "$scratch/$1"; then
		echo "$1 has no line like $2:"
		cat "$scratch/$1"
	fi
}

# --- as dig ---

longest=$(sed -n 's/^host-record=\(abc[^,]*\),.*/\1/p' \
	"$TOP_SRCDIR/fixtures/dnsmasq.conf")

compare_with_dig() {
	local name flags
	is_as_digs www.trowel.test
	is_as_digs www.trowel.test AAAA
	is_as_digs WWW.Trowel.Test. aaaa in
	is_as_digs ipv4.trowel.test AAAA
	is_as_digs many.trowel.test
	is_as_digs alias.trowel.test
	is_as_digs alias4.trowel.test AAAA
	is_as_digs trowel.test SOA
	is_as_digs trowel.test NS
	is_as_digs mail.trowel.test MX
	is_as_digs in mx mail.trowel.test
	is_as_digs txt.trowel.test TXT
	is_as_digs _dns._udp.trowel.test SRV
	is_as_digs ptr.trowel.test PTR
	is_as_digs unknown.trowel.test TYPE65280
	is_as_digs 'a\.b.dots.trowel.test'
	is_as_digs "$longest"
	is_as_digs missing.trowel.test
	is_as_digs elsewhere.example
	is_as_digs www.trowel.test TXT CH
	is_as_digs -c CH -t TXT www.trowel.test
	is_as_digs -taaaa www.trowel.test
	is_as_digs -q mx -t mx
	is_as_digs -t mx in
	is_as_digs -x 192.0.2.10
	is_as_digs -x 192.0.2
	is_as_digs -x 2001:db8::10
	is_as_digs -x notanip
	is_as_digs host.local
	is_as_digs mx
	is_as_digs big.trowel.test
	is_as_digs big.trowel.test +tcp
	is_as_digs big.trowel.test +ignore
	is_as_digs huge.trowel.test TXT
	is_as_digs www.trowel.test ANY
	is_as_digs www.trowel.test ANY +notcp
	is_as_digs www.trowel.test %nothing more
	for flags in "+noall +answer" "+noall +comments" \
		"+noall +question" "+noall +cmd" +nocomments +noquestion +noanswer +noauthority \
		+noadditional +nostats +nocmd +noedns +edns=0 "+noedns +dnssec" \
		+dnssec +cdflag +noadflag +norecurse +nordflag +bufsize=512 \
		+bufsize "+noedns +bufsize=4096" +vc +notcp +ad +cd +do \
		"+noall +ans" "+nocom +nostat +noques +noauth +noadd" +norec; do
		# shellcheck disable=SC2086 # words
		is_as_digs www.trowel.test $flags
		# shellcheck disable=SC2086
		is_as_digs $flags www.trowel.test
	done
	is_as_digs +short alias.trowel.test
	is_as_digs alias.trowel.test +short
	is_as_digs txt.trowel.test TXT +short
	ends_as_dig a..b
	ends_as_dig "${longest}a"
	ends_as_dig www.trowel.test +time=abc
	ends_as_dig www.trowel.test +edns=256
	ends_as_dig www.trowel.test -p 99999
	ends_as_dig www.trowel.test -p
	ends_as_dig www.trowel.test +notime
	ends_as_dig www.trowel.test +bogus
	ends_as_dig www.trowel.test -4 -6
	ends_as_dig www.trowel.test -4 @::1
	silent=yes
	is_as_digs www.trowel.test +noall
	is_as_digs www.trowel.test +noall +authority
	is_as_digs www.trowel.test +noall +additional
	is_as_digs +short missing.trowel.test
	is_as_digs +short +noshort www.trowel.test
	is_as_digs www.trowel.test +short +noanswer
	silent=
}

if command -v dig >/dev/null; then
	compare_with_dig
else
	skip "no dig to compare with (bind9-dnsutils)"
fi

# --- ways of its own ---

at="$server -p $port"
# shellcheck disable=SC2086 # $at is words
own_ways() {
	says "an address and its port may be one word" 0 \
		'^192\.0\.2\.10$' '' "$server#$port" www.trowel.test +short
	says "also with a colon" 0 '^192\.0\.2\.10$' '' \
		"$server:$port" www.trowel.test +short
	says "a server may be a host's name" 0 \
		'^;; SERVER: .*\(localhost\) \(UDP\)$' '' \
		-4 @localhost -p "$port" www.trowel.test
	says "a prefix may be in capitals, and short" 0 '^192\.0\.2\.10$' '' \
		$at www.trowel.test +SHO
	says "letters may be joined, with a value" 0 \
		'^10 mx1\.trowel\.test\.$' '' \
		$at -4tmx mail.trowel.test +short
	says "-4 alone excludes an IPv6 server" 1 '' \
		'no server with an IPv4 address in ::1' \
		-4 @::1 www.trowel.test
	says "+nocookie is true" 0 '^192\.0\.2\.10$' '' \
		$at www.trowel.test +short +nocookie
	says "+cookie is refused" 1 '' 'does not send cookies' \
		$at www.trowel.test +cookie
	says "--help has a line for each option" 0 '^  \+\[no\]tcp, \+vc' '' \
		--help
	says "-v shows the version" 0 '^trowel [0-9]+\.[0-9]' '' -v
	says "a typing mistake in a type is no name" 1 '' \
		'unknown type "MXX"; did you mean MX\?' www.trowel.test MXX
	says "nor where it comes first" 1 '' \
		'unknown type "CNAM"; did you mean CNAME\?' \
		CNAM www.trowel.test
	says "an unknown type is not replaced by A" 1 '' \
		'unknown type "BOGUS"' www.trowel.test -t BOGUS
	says "an unknown class is refused" 1 '' 'unknown class "INN".*IN\?' \
		www.trowel.test -c INN
	says "two names are refused" 1 '' 'one name at a time' \
		one.example two.example
	says "a zone transfer is refused" 1 '' 'AXFR asks for a whole zone' \
		trowel.test AXFR
	says "and with a serial" 1 '' 'IXFR asks for a whole zone' \
		trowel.test IXFR=1
	says "an unknown option is refused" 1 '' 'unknown option \+bogus' \
		www.trowel.test +bogus
	says "with a suggestion" 1 '' 'did you mean \+recurse\?' \
		www.trowel.test +recusre
	says "and an unknown letter" 1 '' 'unknown option -z' -z
	says "an ambiguous prefix is told" 1 '' '\+t=3 may be \+tcp or ' \
		www.trowel.test +t=3
	says "a missing value is told" 1 '' '\+time needs a value' \
		www.trowel.test +time
	says "a value too many is told" 1 '' '\+short takes no value' \
		www.trowel.test +short=1
	says "a number out of range is told with the range" 10 '' \
		'\+edns: "256" is not a number from 0 to 255' \
		www.trowel.test +edns=256
	says "a bad name is told with the place" 10 '' \
		'bad name "a\.\.b": empty label at character 3' $at a..b
	says "an empty name is bad" 10 '' 'bad name ""' $at ''
	says "a bad server is not looked up" 1 '' 'bad server "127\.1"' \
		@127.1 www.trowel.test
	says "nor a bad port" 1 '' 'bad server' @127.0.0.1#65536 x
	says "a closed port is no reply, at once" 9 '' \
		'no reply from 127\.0\.0\.1#1: Connection refused' \
		"$server" -p 1 www.trowel.test
	says "also by TCP" 9 '' \
		'no reply from 127\.0\.0\.1#1 by TCP: Connection refused' \
		"$server" -p 1 www.trowel.test +tcp
}
own_ways

# --- a server that says nothing: dnsmasq, stopped for a while ---

# The pid of with-dnsmasq.sh's dnsmasq: it is our sibling.
find_dnsmasq() {
	local stat pid command state parent
	for stat in /proc/[0-9]*/stat; do
		read -r pid command state parent _ 2>/dev/null <"$stat" &&
			[ "$command" = '(dnsmasq)' ] &&
			[ "$parent" = "$PPID" ] && echo "$pid" && return
	done
}

ask_in_vain() {
	local before=$SECONDS
	# shellcheck disable=SC2086
	says "a silent server is given up" 9 '' \
		'no reply from 127\.0\.0\.1#[0-9]+: timed out \(2 attempts\)' \
		$at www.trowel.test +time=1 +tries=2
	check "at the time asked for" "$(
		case $((SECONDS - before)) in
		2 | 3) ;;
		*) echo "$((SECONDS - before)) s" ;;
		esac)"
}

pid=$(find_dnsmasq)
if [ -n "$pid" ]; then
	kill -STOP "$pid"
	ask_in_vain
	kill -CONT "$pid"
else
	skip "a silent server: no process of dnsmasq to stop"
fi

# --- output that cannot be written ---

if [ -c /dev/full ]; then
	# shellcheck disable=SC2086
	check "a full disk is an error of its own" "$(
		"$trowel" $at www.trowel.test 2>&1 >/dev/full |
			grep -q 'cannot write the output: No space' &&
			[ "${PIPESTATUS[0]}" -eq 8 ] || echo "it is not")"
fi
# shellcheck disable=SC2086
check "a closed output too" "$(
	"$trowel" $at www.trowel.test 2>/dev/null >&-
	[ $? -eq 8 ] || echo "it is not")"
report
