#!/bin/bash
# SPDX-License-Identifier: MIT
# +gather and @mdns on a link of our own, in a network namespace: responders that
# answer multicast and broadcast, some of which are not to be believed, and
# avahi-daemon.
set -u
. "$(dirname "$0")/check.sh"
trowel=$TOP_BUILDDIR/cli/trowel
responder=$TOP_BUILDDIR/tests/responder

# Once more inside, where there is nobody but us; /run is empty there. Who is not
# root becomes root there, and nobody else has a number (-r).
if [ "${1:-}" != inside ]; then
	as_root=
	[ "$(id -u)" -eq 0 ] || as_root=-r
	if ! command -v unshare >/dev/null || ! command -v ip >/dev/null; then
		skip "there is no unshare or no ip"
		report
	elif ! unshare $as_root -nm true 2>/dev/null; then
		skip "no namespace may be made here"
		report
	fi
	export TOP_SRCDIR TOP_BUILDDIR
	exec unshare $as_root -nm bash "$0" inside $as_root
fi

pids=
stop() {
	# shellcheck disable=SC2086 # a list
	[ -z "$pids" ] || kill $pids 2>/dev/null
	# shellcheck disable=SC2086
	[ -z "$pids" ] || wait $pids 2>/dev/null
	pids=
}
trap stop EXIT

make_link() {
	mount --make-rprivate / && mount -t tmpfs none /run &&
		mkdir /run/avahi-daemon && ip link set lo up &&
		ip link add near type veth peer name far &&
		ip addr add 192.0.2.1/24 dev near &&
		ip addr add 192.0.2.2/24 dev far &&
		ip link set near up && ip link set far up
}

# An IPv6 address cannot be used until nobody else is found to have it.
wait_for_ipv6() {
	local deadline=$((SECONDS + 10))
	while ip -6 addr show dev far | grep -q tentative ||
		ip -6 addr show dev near | grep -q tentative; do
		[ "$SECONDS" -le $deadline ] || return 1
		sleep 0.1
	done
	ip -6 addr show dev near | grep -q fe80
}

# respond interface-address answer [mode [port]]: starts a responder.
respond() {
	exec 3< <(exec "$responder" "$1" "${4:-5300}" "${@:2}")
	pids="$pids $!"
	read -r -t 5 -u 3 || echo "no responder at $1"
}

# expect "why" "lines, in any order" status words...
expect() {
	local why=$1 wanted=$2 status=$3 got
	shift 3
	got=$("$trowel" "$@" 2>&1 | sed 's/ from server \(.*\) in .* ms\./ from \1/'
		exit "${PIPESTATUS[0]}")
	[ $? -eq "$status" ] || got="$got (exit status is not $status)"
	[ "$(sort <<<"$got")" = "$(sort <<<"$wanted")" ] && got= ||
		got="$* gives ${got:-nothing}"
	check "$why" "$got"
}

make_link || {
	skip "no link can be made here"
	report
}
respond 192.0.2.2 198.51.100.1
respond 192.0.2.2 198.51.100.2
respond 192.0.2.2 198.51.100.3 other-id
respond 192.0.2.2 198.51.100.4 other-question
respond 192.0.2.2 198.51.100.5 query
both=$'198.51.100.1\n198.51.100.2'

expect "all that reply to a multicast are shown, and none that do not match" \
	"$both" 0 @224.0.0.251 -p 5300 printer.local +short +gather=300
expect "so are those that reply to a broadcast" "$both" 0 \
	@192.0.2.255#5300 printer.local +short +gather=300
expect "and to everybody on the link" "$both" 0 \
	@255.255.255.255 -b 192.0.2.1 -p 5300 printer.local +short +gather=300
expect "each with its sender" \
	$'198.51.100.1 from 192.0.2.2\n198.51.100.2 from 192.0.2.2' 0 \
	@224.0.0.251 -p 5300 printer.local +gather=300 +identify +short
expect "a source is where it is sent from" "$both" 0 \
	@224.0.0.251 -b 192.0.2.2 -p 5300 printer.local +short +gather=300
expect "and one that is not ours is told" \
	"trowel: cannot send to 224.0.0.251: Cannot assign requested address" \
	9 @224.0.0.251 -b 198.51.100.99 -p 5300 printer.local +gather=300
json=$("$trowel" @224.0.0.251 -p 5300 printer.local +jsonl +gather=300)
[ "$(grep -c '^{.*"address": "192.0.2.2".*}$' <<<"$json")" -eq 2 ] && json=
check "in JSON, an object for each" "$json"
expect "silence is told" "trowel: no reply in 50 ms" 9 \
	@224.0.0.251 -p 5301 printer.local +gather=50
if wait_for_ipv6; then
	respond %far 198.51.100.6
	expect "a group of IPv6 is asked through the interface named" \
		198.51.100.6 0 @ff02::fb%near -p 5300 printer.local +short \
		+gather=300
	expect "and without a name, through both" \
		$'198.51.100.6\n198.51.100.6' 0 \
		@ff02::fb -p 5300 printer.local +short +gather=300
else
	skip "IPv6: no address on the link"
fi
stop

# The servers of resolv.conf(5), which are not asked all otherwise.
printf 'nameserver 192.0.2.1\nnameserver 192.0.2.2\n' >/run/resolv.conf
if mount --bind /run/resolv.conf "$(readlink -f /etc/resolv.conf)"; then
	respond 192.0.2.1 198.51.100.1 unicast 53
	respond 192.0.2.2 198.51.100.1 unicast 53
	got=$("$trowel" host.test +all-servers 2>&1) && [[ $(
		grep -c '^192.0.2.[12]#53  NOERROR, 1 record, ' <<<"$got"
	) = 2 && $got != *differs* ]] && got=
	check "+all-servers asks each server of resolv.conf" "$got"
	stop
	respond 192.0.2.1 198.51.100.1 unicast 53
	respond 192.0.2.2 198.51.100.2 unicast 53
	got=$("$trowel" host.test +all-servers 2>&1)
	[ $? -eq 1 ] && [[ $got == *'192.0.2.2#53 differs from 192.0.2.1#53:
- host.test. IN A 198.51.100.1
+ host.test. IN A 198.51.100.2' ]] && got=
	check "and tells where they differ" "$got"
	stop
else
	skip "+all-servers: resolv.conf cannot be another"
fi

# avahi-daemon as it is run, but for D-Bus and its user.
start_avahi() {
	cat >/run/avahi.conf <<'_END' || return
[server]
host-name=printer
allow-interfaces=far
enable-dbus=no
[publish]
publish-workstation=no
publish-aaaa-on-ipv4=yes
[wide-area]
enable-wide-area=no
_END
	avahi-daemon -f /run/avahi.conf --no-drop-root --no-chroot \
		--no-rlimits >/run/avahi.log 2>&1 &
	pids=$!
	local deadline=$((SECONDS + 10))
	until grep -qs 'startup complete' /run/avahi.log; do
		[ "$SECONDS" -le $deadline ] || return 1
		sleep 0.1
	done
}

PATH=$PATH:/usr/sbin
if ! command -v avahi-daemon >/dev/null; then
	skip "there is no avahi-daemon"
elif [ "${2:-}" = -r ]; then
	skip "avahi-daemon wants the user avahi, who has no number here"
elif ! start_avahi; then
	check "avahi-daemon starts" "$(cat /run/avahi.log)"
else
	expect "@mdns gets the address of a host from avahi-daemon" \
		192.0.2.2 0 @mdns printer.local +short
	expect "and the name of an address" printer.local. 0 \
		@mdns -x 192.0.2.2 +short
	# From both ends of the link, by IPv4 and by IPv6.
	got=$("$trowel" @mdns printer.local AAAA +short +gather=500 | sort -u)
	[[ $got =~ ^fe80::[0-9a-f:]+$ ]] && got=
	check "@mdns +gather gets all replies of a while" "$got"
	got=$("$trowel" @mdns printer.local 2>&1 | grep -i warning)
	check "@mdns does not warn of .local" "$got"
	expect "silence is told of @mdns" "trowel: no reply in 1000 ms" 9 \
		@mdns no-such-host.local
fi
stop
report
