#!/bin/bash
# SPDX-License-Identifier: MIT
# --dig beside dig itself: every option by every beginning of its name, what is
# said of servers that do not answer, files of lookups, ~/.digrc, the search
# list, YAML. Asks the dnsmasq of fixtures/.
set -u
. "$(dirname "$0")/check.sh"
command -v dig >/dev/null || exit 77
[ -n "${TROWEL_TEST_PORT:-}" ] ||
	exec bash "$TOP_SRCDIR/fixtures/with-dnsmasq.sh" bash "$0" "$@"
trowel=$TOP_BUILDDIR/cli/trowel
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch LC_ALL=C.UTF-8 TZ=UTC
at="@127.0.0.1 -p $TROWEL_TEST_PORT"
closed="-r @127.0.0.1 -p 1 +tries=1 +time=1"

# What differs between two runs of dig for the same question.
even_out() {
	sed -E \
		-e 's/^; <<>> (DiG|trowel) [^ ]+ <<>>( --dig)?/; <<>> X <<>>/' \
		-e 's/(, id: )[0-9]+$/\1N/' -e 's/^( +id: )[0-9]+$/\1N/' \
		-e 's/^(;? *COOKIE: )[0-9a-f]{16}/\1N/' \
		-e 's/^(;; Query time: )[0-9]+ /\1N /' \
		-e 's/( in )[0-9]+ (ms|us)/\1N \2/' \
		-e 's/^(;; WHEN: ).{3} .{3} .. ..:..:.. UTC .{4}$/\1DATE/' \
		-e 's/^( +[a-z]+_time: !!timestamp ).*/\1DATE/'
}

# is_as_digs argument...: standard output, and the exit status.
is_as_digs() {
	local wanted status
	dig "$@" <"${input:-/dev/null}" 2>/dev/null |
		even_out >"$scratch/dig"
	wanted=${PIPESTATUS[0]}
	"$trowel" --dig "$@" <"${input:-/dev/null}" 2>"$scratch/err" |
		even_out >"$scratch/trowel"
	status=${PIPESTATUS[0]}
	check "as dig: $*" "$(
		diff "$scratch/dig" "$scratch/trowel" ||
			head -n 5 "$scratch/err"
		[ "$status" -eq "$wanted" ] ||
			echo "status $status, dig's $wanted")"
}

# --- options ---

# Those that dig and we share; a beginning that only dig or only we know is a
# difference.
options="aaonly aaflag additional adflag all answer authority badcookie
	besteffort bufsize cdflag class cmd coflag comments cookie crypto
	defname dnssec domain dscp edns ednsflags ednsnegotiation ednsopt
	expandaaaa expire fail header-only identify ignore keepalive keepopen
	mapped multiline ndots nsid onesoa opcode padding qid qr question
	raflag rdflag recurse retries retry rrcomments search short
	showbadcookie showsearch sigchase split stats subnet tcflag tcp time
	timeout topdown tries trusted-key ttlid ttlunits unexpected
	unknownformat vc yaml zflag"

# ends_alike word...: the exit statuses.
ends_alike() {
	local wanted
	# shellcheck disable=SC2086
	dig $closed "$1" x >/dev/null 2>&1 </dev/null
	wanted=$?
	# shellcheck disable=SC2086
	"$trowel" --dig $closed "$1" x >/dev/null 2>&1 </dev/null
	[ $? -eq "$wanted" ] || echo "$1: not $wanted"
}

prefixes() {
	local option length
	for option in $options; do
		check "+$option by its beginnings, with no, in capitals" "$(
			for ((length = 1; length <= ${#option}; length++)); do
				ends_alike "+${option:0:length}"
				ends_alike "+no${option:0:length}"
			done
			ends_alike "+${option^^}"
			ends_alike "+${option:0:3}${option:3}x"
			ends_alike "+$option=1x")"
	done
}
prefixes

# --- words ---

# shellcheck disable=SC2086
words() {
	is_as_digs $closed
	is_as_digs $closed x +tcp +tries=2
	is_as_digs $closed x +yaml
	is_as_digs $closed +nocmd x +short
	is_as_digs $closed +short x +time=abc
	is_as_digs $closed x +edns=300
	is_as_digs $closed x -p 99999
	is_as_digs $closed x -c BOGUS -t BOGUS
	is_as_digs $closed a..b
	is_as_digs -4 -6 x
	is_as_digs $at www.trowel.test MXX +noall +answer
	is_as_digs $at www.trowel.test A AAAA +noall +answer
	is_as_digs $at 192.0.2.10 +noall +question
	is_as_digs $at www.trowel.test +qr
	is_as_digs $at www.trowel.test +qr +yaml +dnssec
	is_as_digs $at big.trowel.test +qr +yaml
	is_as_digs $at big.trowel.test
	is_as_digs $at +header-only +qr +nocookie
	is_as_digs $at www.trowel.test +yaml +short
	is_as_digs $at txt.trowel.test TXT +yaml
	is_as_digs $at www.trowel.test +opcode=status +noall +comments
	is_as_digs $at www.trowel.test +aaflag +raflag +zflag +tcflag +qr \
		+nocookie +noall +comments
	is_as_digs $at www.trowel.test -b 127.0.0.1 +short
	is_as_digs $at www.trowel.test -b 192.0.2.1 +short +tries=2
	is_as_digs $at +dns64prefix
	is_as_digs $at www +domain=trowel.test +noall +answer
	is_as_digs $at missing +search +domain=trowel.test +showsearch
	is_as_digs $at missing.trowel.test +search +domain=trowel.test
	is_as_digs $at ipv4.trowel.test www.trowel.test AAAA +short
	is_as_digs $at www.trowel.test +noall mail.trowel.test MX +all
}
words

# --- files ---

cat >"$scratch/batch" <<'_END'
www.trowel.test A
mail.trowel.test MX +noall +answer

# comment
+short www.trowel.test AAAA
www.trowel.test ipv4.trowel.test
@127.0.0.1 trowel.test NS
_END

# shellcheck disable=SC2086
files() {
	is_as_digs $at -f "$scratch/batch"
	is_as_digs $at +noall +answer -f "$scratch/batch"
	is_as_digs $at txt.trowel.test TXT -f "$scratch/batch"
	input=$scratch/batch is_as_digs $at -f -
	is_as_digs $at -f "$scratch/none"
	echo 'a..b' >>"$scratch/batch"
	echo 'www.trowel.test' >>"$scratch/batch"
	is_as_digs $at +short -f "$scratch/batch"
	printf '+short\n  +nocmd\twww.trowel.test\n' >"$scratch/.digrc"
	is_as_digs $at www.trowel.test
	is_as_digs $at -r www.trowel.test
	printf -- '-p 1\n@127.0.0.2\n+noall +answer\n' >"$scratch/.digrc"
	is_as_digs $at www.trowel.test
	echo '+bogus' >"$scratch/.digrc"
	is_as_digs $at www.trowel.test
	rm "$scratch/.digrc"
}
files

# --- a program called dig ---

mkdir "$scratch/bin" && ln -s "$trowel" "$scratch/bin/dig"
# shellcheck disable=SC2086
check "a program called dig is dig" "$(
	"$scratch/bin/dig" $closed +SHORT x 2>/dev/null && echo "status 0"
	"$scratch/bin/dig" $closed x | grep -q '^;; no servers could be reached$' ||
		echo "it has other words")"

report
