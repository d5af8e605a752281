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
	"$trowel" "$@" >"$scratch/out" 2>"$scratch/err" <"${input:-/dev/null}"
	status=$?
}

# What differs between two runs of dig for the same question.
even_out() {
	sed -E \
		-e 's/^; <<>> (DiG|trowel) [^ ]+ <<>>/; <<>> X <<>>/' \
		-e 's/(, id: )[0-9]+$/\1N/' \
		-e 's/^(; COOKIE: )[0-9a-f]{16}/\1N/' \
		-e 's/^(;; Query time: )[0-9]+ /\1N /' \
		-e 's/( in )[0-9]+ (ms|us)/\1N \2/' \
		-e 's/^(;; WHEN: ).{3} .{3} .. ..:..:.. UTC .{4}$/\1DATE/'
}

# is_as_digs argument...: every line, and the exit status.
is_as_digs() {
	local digs_status
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

# reads, then as says(): its standard input is the command's.
reads() {
	cat >"$scratch/in"
	input=$scratch/in says "$@"
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
	local flags
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
	is_as_digs -r www.trowel.test
	for flags in "+noall +answer" "+noall +comments" \
		"+noall +question" "+noall +cmd" +nocomments +noquestion +noanswer +noauthority \
		+noadditional +nostats +nocmd +noedns +edns=0 "+noedns +dnssec" \
		+dnssec +cdflag +noadflag +norecurse +nordflag +bufsize=512 \
		+bufsize "+noedns +bufsize=4096" +vc +notcp +ad +cd +do \
		"+noall +ans" "+nocom +nostat +noques +noauth +noadd" +norec \
		-u "+nostats +identify" "-u +nostats +identify" \
		+nottlid +nottl +noclass +nocl "+nottl +noclass" +ttlunits \
		"+nottl +ttlunits" +expandaaaa +unknownformat \
		"+unknownformat +multiline" +nocookie +cookie \
		+cookie=0123456789abcdef +nsid +expire +keepalive +padding=64 \
		+subnet=192.0.2.0/24 +subnet=0 "+ednsopt=65001:00ff" \
		+ednsflags=0x80 +coflag "+noedns +nsid"; do
		# shellcheck disable=SC2086 # words
		is_as_digs www.trowel.test $flags
		# shellcheck disable=SC2086
		is_as_digs $flags www.trowel.test
	done
	for flags in +multiline "+multiline +norrcomments" +rrcomments \
		"+multiline +ttlunits" "+multiline +noclass" "+split=8" \
		+nosplit +nocrypto +unknownformat "+short +multiline" \
		"+short +identify" "+short +rrcomments" "+short +split=7" \
		"+short +identify -u"; do
		# shellcheck disable=SC2086
		is_as_digs trowel.test SOA $flags
		# shellcheck disable=SC2086
		is_as_digs unknown.trowel.test TYPE65280 $flags
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
	ends_as_dig www.trowel.test +subnet
	ends_as_dig www.trowel.test +split=abc
	ends_as_dig www.trowel.test +padding=513
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
	says "--help has a line for each option" 0 ' \+tcp ' '' \
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
	is_as_digs www.trowel.test mail.trowel.test MX +noall +answer
	is_as_digs +short www.trowel.test trowel.test NS +noshort
	is_as_digs +noall +answer www.trowel.test +ttlunits mail.trowel.test
	says "an address alone is a reverse lookup" 0 \
		'^;10\.2\.0\.192\.in-addr\.arpa\..*PTR' '' \
		$at 192.0.2.10 +noall +question
	says "but not as the value of -q" 0 '^;192\.0\.2\.10\..*A' '' \
		$at -q 192.0.2.10 +noall +question
	says "types are asked for side by side" 0 '^2001:db8::10$' '' \
		$at www.trowel.test A AAAA +short
	says "each with all that is said of it" 0 'IN	AAAA	2001:db8::10$' '' \
		$at www.trowel.test A AAAA
	says "+rc is 0 for an answer" 0 'NOERROR' '' $at www.trowel.test +rc
	says "2 for NXDOMAIN" 2 'NXDOMAIN' '' $at missing.trowel.test +rc
	says "3 for no data" 3 'NOERROR' '' $at ipv4.trowel.test AAAA +rc
	says "5 for REFUSED" 5 'REFUSED' '' $at elsewhere.example --exit-rcode
	says "9 for no reply" 9 '' 'refused' "$server" -p 1 x +rc
	says "what needs another tool names it" 1 '' 'use dig \+trace' x +trace
	says "so does encryption" 1 '' 'use kdig \+tls' x +tls
	says "what is no more is passed over with a word" 0 '^192\.0\.2\.10$' \
		'warning: \+sigchase' $at www.trowel.test +short +sigchase
	says "the search list is used on demand" 0 '^192\.0\.2\.10$' '' \
		$at www +search +domain=trowel.test +short
	says "a file may have remarks and empty lines" 0 '^192\.0\.2\.10$' '' \
		$at -f "$scratch/batch" +short
	says "a file that is not there is an error of its own" 8 '' \
		'none: No such file' $at -f "$scratch/none"
	says "/etc/hosts is pointed to" 0 '^;; NOTE: /etc/hosts has this name' \
		'' $at localhost
	says "not with +short" 0 '' '' $at localhost +short
	says "+qr shows the query" 0 '^;; QUERY SIZE: ' '' \
		$at www.trowel.test +qr
	says "a zone transfer is refused" 1 '' 'AXFR asks for a whole zone' \
		trowel.test AXFR
	says "and with a serial" 1 '' 'IXFR asks for a whole zone' \
		trowel.test IXFR=1
	says "an unknown option is refused" 1 '' 'unknown option \+bogus' \
		www.trowel.test +bogus
	says "with a suggestion" 1 '' 'did you mean \+recurse\?' \
		www.trowel.test +recusre
	says "and an unknown letter" 1 '' 'unknown option -z' -z
	says "an ambiguous prefix is told" 1 '' '\+t=3 may be \+ttlid or ' \
		www.trowel.test +t=3
	says "a missing value is told" 1 '' '\+time needs a value' \
		www.trowel.test +time
	says "a value too many is told" 1 '' '\+short takes no value' \
		www.trowel.test +short=1
	says "a number out of range is told with the range" 10 '' \
		'\+edns: "256" is not a number from 0 to 255' \
		www.trowel.test +edns=256
	says "a cookie must be hex digits" 1 '' \
		'\+cookie: "xyz" is not hex digits' www.trowel.test +cookie=xyz
	says "a subnet must be one" 1 '' \
		'\+subnet: "192\.0\.2\.0/33" is not ADDRESS' \
		www.trowel.test +subnet=192.0.2.0/33
	says "an option must have a code" 1 '' \
		'\+ednsopt: "NSIDX" is not CODE' www.trowel.test +ednsopt=NSIDX
	says "a long option may be misspelt" 1 '' 'did you mean --decode\?' \
		--decoed
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
printf '# a remark\n\n www.trowel.test\n' >"$scratch/batch"
own_ways

# --- messages from files ---

messages=$TOP_SRCDIR/fixtures/messages

# message name: the octets of a fixture as hex digits, in one line.
message() {
	sed 's/#.*//' "$messages/$1.hex" | tr -d ' \n'
}

# octets: hex digits -> octets.
octets() {
	printf '%b' "$(sed 's/../\\x&/g')"
}

# dump width format [pad]: hex digits -> lines of offset and so many octets, for
# the printf format of offset, octets and characters.
dump() {
	local width=$1 format=$2 digits offset=0 line
	read -r digits
	while [ -n "$digits" ]; do
		line=${digits:0:width*2}
		digits=${digits:width*2}
		# shellcheck disable=SC2059 # a format
		printf "$format" "$offset" \
			"$(echo "$line" | sed "s/$3/& /g; s/ $//")" \
			"$(echo "$line" | octets | tr -c '!-~' .)"
		offset=$((offset + width))
	done
}

# decodes_alike "a form": standard input is as good as the octets of mx.
decodes_alike() {
	"$trowel" --decode >"$scratch/out" 2>"$scratch/err"
	status=$?
	check "--decode takes $1" "$(
		[ "$status" -eq 0 ] || echo "status $status"
		diff "$scratch/mx" "$scratch/out"
		cat "$scratch/err")"
}

# An IPv4 packet with a UDP datagram around hex digits.
packet() {
	local digits length
	read -r digits
	length=$((${#digits} / 2))
	printf '4500%04x000040004011000c7f0000017f000001' $((length + 28))
	printf '00351092%04x0000%s' $((length + 8)) "$digits"
}

decode_forms() {
	message mx | octets >"$scratch/mx.bin"
	"$trowel" --decode "$scratch/mx.bin" >"$scratch/mx"
	check "--decode shows a message as a reply" "$(
		diff "$scratch/mx.wanted" "$scratch/mx")"
	decodes_alike "octets" <"$scratch/mx.bin"
	decodes_alike "a fixture with remarks" <"$messages/mx.hex"
	message mx | decodes_alike "hex digits"
	message mx | tr a-f A-F | fold -w 62 | decodes_alike "lines of them"
	message mx | sed 's/../&:/g' | decodes_alike "colons"
	message mx | sed 's/../0x&, /g' | fold -w 60 |
		decodes_alike "0x and commas"
	message mx | sed 's/^/0x/' | decodes_alike "0x once"
	message mx | dump 16 '%08x: %-39s  %s\n' .... | decodes_alike xxd
	message mx | dump 16 '%08x: %-39s  %s\r\n' .... |
		decodes_alike "xxd with CR"
	message mx | dump 32 '%08x: %-71s  %s\n' ........ |
		decodes_alike "xxd -c 32 -g 4"
	{ echo 'IP 127.0.0.1.53 > 127.0.0.1.4242: 4660 2/0/0'
	  message mx | dump 16 '\t0x%04x:  %s%.0s\n' ....; } |
		decodes_alike "tcpdump -x"
	message mx | packet | dump 16 '\t0x%04x:  %-39s  %s\n' .... |
		decodes_alike "a packet of tcpdump -X"
	message mx | dump 16 '%04x   %-47s   %s\n' .. |
		decodes_alike "Wireshark's"
	message mx | dump 16 '%06x %s%.0s\n' .. | decodes_alike "od -Ax -tx1"
	{ message mx | dump 16 '%08x  %-47s  |%s|\n' .. |
		sed -E 's/^(.{33}) /\1  /'; echo 00000047; } |
		decodes_alike "hexdump -C"
	message mx | packet | octets | decodes_alike "a packet"
	{ printf '0000000000000000000000000800'; message mx | packet; } |
		octets | decodes_alike "an Ethernet frame"
}

decode_errors() {
	reads "a dump with a line too few is refused" 1 '' \
		'line 2: offset 0x20 where 0x10 comes next' --decode - <<'_END'
0000   12 34 81 80 00 01 00 02 00 00 00 00 07 65 78 61   .4...........exa
0020   00 0f 00 01 c0 0c 00 0f 00 01 00 00 01 2c 00 09   .............,..
_END
	reads "text that is no hex is refused" 1 '' \
		'standard input, line 2: not hex digits' --decode <<'_END'
1234 8180
www.example.com
_END
	reads "half an octet too" 1 '' 'line 1: an odd number of hex digits' \
		--decode <<<'123'
	says "a malformed message is shown up to the fault" 1 \
		'^_sip\._tcp\.a\.test\..*SRV|^;; flags: qr rd ra' \
		'^trowel: malformed message: SRV target: compression pointer does not point back \(byte 56\)$' \
		--decode "$messages/srv-target-forward.hex"
	check "and the fault behind it" "$("$trowel" --decode \
		"$messages/counts-too-many.hex" +short 2>&1 | tail -n 1 |
		grep -q malformed || echo "it is before it")"
	says "also with +short" 1 '^192\.0\.2\.1$' \
		'^trowel: malformed message: ' \
		--decode "$messages/counts-too-many.hex" +short
	reads "one without a header is not shown" 1 '' \
		'^trowel: malformed message: message shorter than a header' \
		--decode <<<'1234'
	says "no octets at all neither" 1 '' 'malformed message' \
		--decode /dev/null
	says "a file that is not there is told" 8 '' \
		'cannot read .*/none: No such file' --decode "$scratch/none"
	says "a directory is no file" 8 '' 'cannot read .*: Is a directory' \
		--decode "$scratch"
	head -c 65536 /dev/zero >"$scratch/large"
	says "a message over 65,535 octets is refused" 1 '' \
		'malformed message: 65536 octets, over 65535' --decode "$scratch/large"
	head -c 1048577 /dev/zero >"$scratch/large"
	says "a file over 1 MiB is refused" 1 '' 'is over 1048576 octets' \
		--decode "$scratch/large"
	says "two files are refused" 1 '' 'one file at a time' \
		--decode one two
	says "a server is refused" 1 '' 'asks no server' --decode @192.0.2.1
}

decode_styles() {
	local soa=$messages/type-soa.hex
	says "--decode takes +short" 0 '^10 ' '' --decode "$messages/mx.hex" \
		+short
	says "and +multiline" 0 '; serial$' '' --decode +multiline "$soa"
	says "also behind the file" 0 '; serial$' '' --decode "$soa" +multiline
	says "and +noall +answer" 0 '^example\.com\..*MX' '' \
		+noall +answer --decode "$messages/mx.hex"
	reads "a query is shown as one that is sent" 0 '^;; Sending:$' '' \
		--decode <<<'1234 0100 0001 0000 0000 0000 00 0002 0001'
	says "an UPDATE has its own sections" 0 '^;; ZONE SECTION:$' '' \
		--decode "$messages/update.hex"
	says "--explain shows every octet" 0 '12 34 .*4660' '' \
		--decode --explain "$messages/mx.hex"
	says "and marks the one at fault" 1 '^>>.*c0 3a' \
		'malformed message: SRV target' \
		--decode --explain "$messages/srv-target-forward.hex"
	check "without colours where there is no terminal" \
		"$(tr -d ' -~\n' <"$scratch/out")"
}

cat >"$scratch/mx.wanted" <<'_END'
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4660
;; flags: qr rd ra; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 0

;; QUESTION SECTION:
;example.com.			IN	MX

;; ANSWER SECTION:
example.com.		300	IN	MX	10 mail.example.com.
example.com.		300	IN	MX	0 .

_END
decode_forms
decode_errors
decode_styles

# --- a server that says nothing: dnsmasq, stopped for a while ---

# The pid of with-dnsmasq.sh's dnsmasq: it is our sibling.
find_dnsmasq() {
	local stat pid command parent
	for stat in /proc/[0-9]*/stat; do
		read -r pid command _ parent _ 2>/dev/null <"$stat" &&
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

# Either side of it, a second may end.
when_is_as_dates() {
	local wanted form="+;; WHEN: %a %b %d %H:%M:%S %Z %Y"
	wanted=$(TZ=$1 date "$form")
	# shellcheck disable=SC2086
	TZ=$1 "$trowel" $at www.trowel.test >"$scratch/out"
	printf '%s\n' "$wanted" "$(TZ=$1 date "$form")" |
		grep -qxf - "$scratch/out" || grep WHEN "$scratch/out"
}
for zone in UTC0 ABC-5:30 "<-0330>3:30"; do
	check "the time is that of $zone" "$(when_is_as_dates "$zone")"
done

# reader_is_gone "a sentence" statuses command...: writes to a pipe that nobody
# reads.
reader_is_gone() {
	local sentence=$1 wanted=$2
	shift 2
	exec 7> >(:)
	wait $!
	"$@" >&7 2>/dev/null
	status=$?
	exec 7>&-
	check "$sentence" "$(
		[[ " $wanted " = *" $status "* ]] || echo "status $status")"
}

# By SIGPIPE, unless whoever runs this has it ignored.
# shellcheck disable=SC2086
reader_is_gone "a reader that has gone ends it" "141 8" \
	"$trowel" $at www.trowel.test
trap '' PIPE
# shellcheck disable=SC2086
reader_is_gone "also where no signal tells" 8 "$trowel" $at www.trowel.test
trap - PIPE

# shellcheck disable=SC2086
check "little stack is enough" "$(
	ulimit -s 64 2>/dev/null || exit
	"$trowel" $at big.trowel.test +short | grep -c '^198\.51\.100\.' |
		grep -qx 100 || echo "not 100 addresses")"
report
