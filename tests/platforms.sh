#!/bin/bash
# SPDX-License-Identifier: MIT
# platforms.sh name: builds for another machine, libc or dialect, and runs the
# unit tests there; .ci/run has a step for each but static. The names:
#   i386      32 bits, run by the kernel itself
#   s390x     big-endian, run by qemu-user
#   musl      beside a shared library
#   static    musl, files that need nothing (.ci/run has such a command)
#   portable  POSIX.1-2008 alone
#   pedantic  -std=c11 -pedantic
#   kqueue    compiled against stubs, and not run
# Machines and libcs without a package of CUnit get tests/cunit.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/fixtures/lib.sh"

main() {
	make_scratch
	[ -f "$top/configure" ] || die "run autogen.sh first"
	mkdir "$scratch/build" && cd "$scratch/build" || exit 1
	case $1 in
	i386) stand_in i686-linux-gnu-gcc --host=i686-linux-gnu ;;
	s390x)
		runner="qemu-s390x"
		stand_in s390x-linux-gnu-gcc --host=s390x-linux-gnu
		;;
	musl) link= stand_in musl-gcc --disable-nss ;;
	static) stand_in musl-gcc --disable-nss ;;
	portable) build gcc --disable-extensions ;;
	pedantic) build gcc "CFLAGS=-O1 -std=c11 -pedantic" ;;
	kqueue) kqueue; exit ;;
	*) die "no such platform: $1" ;;
	esac || exit 1
	command_by_runner || exit 1
	start_dnsmasq || die "dnsmasq does not start"
	quietly make -s -j "$(cores)" check "${arguments[@]}" VERBOSE=1 \
		TESTS="\$(UNIT_TESTS) tests/simulate" \
		LOG_COMPILER="bash $top/tests/platforms.sh --run $1 $runner" ||
		exit 1
	cat tests/*.log | awk '/^[0-9]+ passed, 0 failed/ { n += $1 }
		END { print n " passed" }'
}

runner=		# what runs programs of that machine
link=-all-static
arguments=()	# of make

# stand_in compiler [configure's arguments]: with tests/cunit.
stand_in() {
	local compiler=$1 cunit=$scratch/cunit
	mkdir "$cunit" &&
		"$compiler" -O1 -Wall -Wextra -Werror -I"$top/tests/cunit" \
			-c -o "$cunit/cunit.o" "$top/tests/cunit/cunit.c" &&
		ar rcs "$cunit/libcunit.a" "$cunit/cunit.o" || return 1
	[ -z "$link" ] || {
		arguments=(LDFLAGS="$link -L$cunit")
		set -- "$@" --disable-shared
	}
	build "$@" CPPFLAGS="-I$top/tests/cunit" \
		CFLAGS="-O1 -Wno-maybe-uninitialized" \
		LDFLAGS="-L$cunit"
}

build() {
	local compiler=$1
	shift
	quietly "$top/configure" --quiet --enable-werror \
		--disable-maintainer-mode CC="$compiler" "$@" &&
		grep -q 'CUNIT_LIBS = -lcunit' Makefile &&
		quietly make -s -j "$(cores)" all "${arguments[@]}" &&
		quietly make -s -j "$(cores)" check TESTS= "${arguments[@]}"
}

# Its output only if it fails.
quietly() {
	"$@" </dev/null >log 2>&1 || {
		tail -n 100 log
		return 1
	}
}

# Tests start the command by its name.
command_by_runner() {
	[ -n "$runner" ] || return 0
	mv cli/trowel cli/trowel.there &&
		printf '#!/bin/sh\nexec %s "$0.there" "$@"\n' "$runner" \
			>cli/trowel && chmod a+x cli/trowel
}

# platforms.sh --run platform [runner] program: where only cases fail that the
# platform is to blame for, the program passes.
run_program() {
	local platform=$1 failed status
	shift
	timeout 300 "$@" >"$scratch/log" 2>&1
	status=$?
	cat "$scratch/log"
	[ "$status" -eq 1 ] || return "$status"
	failed=$(awk '/^  Test: / { name = $2 } /FAILED$/ { print name }' \
		"$scratch/log")
	[ -n "$failed" ] || return 1
	failed=$(grep -vxF "$(excused "$platform")" <<<"$failed")
	[ -z "$failed" ] || return 1
	echo "1 passed, 0 failed"
}

# A platform, a case, and why it fails there. The emulator is qemu-user 7.2.
excused() {
	awk -v platform="$1" '$1 == platform { print $2 }' <<'_END'
s390x sides_of_a_fork_use_ports_and_ids_of_their_own the emulator says that it has MADV_WIPEONFORK, and has not
s390x requests_under_way_end_in_the_child_of_a_fork so, too
s390x environment_is_not_asked_with_more_rights execl() of a program of that machine
s390x icmp_refusal_is_seen_in_milliseconds the emulator does not pass on MSG_ERRQUEUE without a buffer
s390x link_local_servers_are_reached_by_their_scope the emulator swaps no octets of getsockname()'s scope
s390x attempts_are_told the first is due in 0.1 ms, which the emulator needs itself
musl ipv6_addresses_are_written_as_inet_ntop_does not as RFC 5952 4.2.3 has it, nor "::1:2" without a dot
static ipv6_addresses_are_written_as_inet_ntop_does the same libc
_END
}

# Where there are kqueue and pledge, there is no epoll.
kqueue() {
	quietly "$top/configure" --quiet --enable-werror --disable-extensions \
		--disable-maintainer-mode || return 1
	cat >>config.h <<'_END'
#define HAVE_KQUEUE 1
_END
	quietly gcc -std=c11 -Wall -Wextra -Wconversion -Werror \
		-D_DEFAULT_SOURCE -I. -Iinclude -I"$top" -I"$top/tests/kqueue" \
		-c -o poller.o "$top/resolver/poller.c" &&
		nm poller.o | grep -q 'U kevent$'
}

case ${1:-} in
--run)
	shift
	make_scratch
	run_program "$@"
	;;
'') die "for which platform?" ;;
*) main "$1" ;;
esac
