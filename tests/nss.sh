#!/bin/bash
# SPDX-License-Identifier: MIT
# libnss_trowel: programs that know nothing of trowel ask by it, because
# nsswitch.conf says so. In a mount namespace, which has an nsswitch.conf and a
# resolv.conf of its own. Asks the dnsmasq of fixtures/.
set -u
. "$(dirname "$0")/check.sh"
[ -n "${TROWEL_TEST_PORT:-}" ] ||
	exec bash "$TOP_SRCDIR/fixtures/with-dnsmasq.sh" bash "$0" "$@"
NM=${NM:-nm}
libraries=$TOP_BUILDDIR/.libs
module=$libraries/libnss_trowel.so.2
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
namespace=(unshare -m)
[ "$(id -u)" -eq 0 ] || namespace=(unshare -rm)

# configure "lines of resolv.conf"
configure() {
	printf 'hosts: trowel\n' >"$scratch/nsswitch.conf"
	printf '%s\n' "$@" >"$scratch/resolv.conf"
}

# inside command...: there, with the module.
inside() {
	# shellcheck disable=SC2016 # for the inner shell
	LD_LIBRARY_PATH=$libraries "${namespace[@]}" bash -c '
		mount --bind "$0/nsswitch.conf" /etc/nsswitch.conf &&
		mount --bind "$0/resolv.conf" /etc/resolv.conf &&
		exec "$@"' "$scratch" "$@"
}

# says "a sentence" "what is expected" command...: its output and status.
says() {
	local why=$1 expected=$2 got
	shift 2
	got=$(inside "$@" 2>&1; echo "status $?")
	check "$why" "$(diff <(echo "$expected") <(echo "$got"))"
}

if [ ! -e "$module" ]; then
	skip "no libnss_trowel here"
	report
fi
check "the module exports what glibc looks for, and nothing else" "$(diff <(
	printf '_nss_trowel_%s\n' gethostbyaddr2_r gethostbyaddr_r \
		gethostbyname2_r gethostbyname3_r gethostbyname4_r \
		gethostbyname_r) <($NM -D --defined-only "$module" |
		awk '$2 != "A" { print $3 }' | LC_ALL=C sort))"
if [ -n "${INSTRUMENTED:-}" ]; then
	skip "instrumented: other programs cannot load it"
	report
fi
configure
if ! inside true 2>/dev/null; then
	skip "no mount namespace is to be had here"
	report
fi

configure "nameserver 127.0.0.1:$TROWEL_TEST_PORT" "search trowel.test"
says "getent ahosts finds both families" \
	"2001:db8::10    STREAM
192.0.2.10      STREAM
status 0" bash -c 'set -o pipefail
	getent ahosts www.trowel.test | sed -n "s/STREAM.*/STREAM/p" | sort -r'
says "getent ahostsv4 finds one" "192.0.2.10      STREAM www.trowel.test
192.0.2.10      DGRAM  
192.0.2.10      RAW    
status 0" getent ahostsv4 www.trowel.test
says "getent hosts finds the address of a host" \
	"2001:db8::10    www.trowel.test
status 0" getent hosts www.trowel.test
says "getent hosts finds the name of an address" \
	"192.0.2.10      www.trowel.test
status 0" getent hosts 192.0.2.10
says "getent hosts finds the name of an IPv6 address" \
	"2001:db8::10    www.trowel.test
status 0" getent hosts 2001:db8::10
says "the search list is used" "192.0.2.4       ipv4.trowel.test ipv4
status 0" getent hosts ipv4
says "aliases are told" \
	"192.0.2.4       ipv4.trowel.test alias4.trowel.test
status 0" getent hosts alias4.trowel.test
says "names that do not exist are none" "status 2" \
	getent hosts missing.trowel.test
says "addresses without a name have none" "status 2" \
	getent hosts 192.0.2.200
client=$TOP_BUILDDIR/tests/nss_client
says "getaddrinfo gives the canonical name" \
	"www.trowel.test 192.0.2.10 2001:db8::10
status 0" bash -c '
	"$0" alias.trowel.test | tr " " "\n" | LC_ALL=C sort -r |
	{ read -r name; echo "$name" $(sort); }' "$client"
says "getaddrinfo tells that there is no such name" "EAI_NONAME
status 0" "$client" missing.trowel.test
says "getaddrinfo tells that there is no address" "EAI_NODATA
status 0" "$client" nodata.trowel.test
says "more addresses than a small buffer holds are all given" "24 24
status 0" bash -c '
	"$0" many.trowel.test | wc -w | { read -r n; echo $((n - 1)); } |
	tr "\n" " "
	getent ahosts many.trowel.test | grep -c STREAM' "$client"
says "small buffers are told, whatever their size" "tuples good
host good
status 0" "$client" -b www.trowel.test

# RFC 6761 6.3: no query. A port on which nobody listens.
configure "nameserver 127.0.0.1:1" "options timeout:1 attempts:1"
says "localhost needs no server" "localhost ::1 127.0.0.1
status 0" bash -c '"$0" localhost | sed "s/127.0.0.1 ::1/::1 127.0.0.1/"' \
	"$client"
says "no server is a temporary failure" "EAI_AGAIN
status 0" "$client" www.trowel.test
report
