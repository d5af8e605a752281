#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs into a directory of its own, builds the example against what is
# installed, through pkg-config alone, and looks up addresses with it.
set -u
case ${TROWEL_TEST_PORT:-} in
'')
	exec bash "$(dirname "$0")/../fixtures/with-dnsmasq.sh" bash "$0" "$@"
	;;
esac
. "$(dirname "$0")/check.sh"
MAKE=${MAKE:-make}
CC=${CC:-cc}
CFLAGS=${CFLAGS:-}
LDFLAGS=${LDFLAGS:-}
libdir=${libdir:-/usr/local/lib}
command -v pkg-config >/dev/null || {
	echo "no pkg-config"
	exit 77
}
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT
trap 'exit 1' INT TERM HUP

# Not with the outer make's job slots and flags.
unset MAKEFLAGS MFLAGS MAKELEVEL
log=$($MAKE -C "$TOP_BUILDDIR" install DESTDIR="$root" 2>&1) && log=
check "make install DESTDIR=... installs" "$log"
for file in include/trowel/{wire,engine,resolver}.h; do
	check "$file is installed" "$(
		[ -n "$(find "$root" -path "*/$file")" ] || echo "no $file")"
done
check "the manual page and the command are installed" "$(
	for file in bin/trowel man/man1/trowel.1; do
		[ -n "$(find "$root" -path "*/$file")" ] || echo "no $file"
	done)"

# functions header...: the public ones, but for those that are internal.
functions() {
	awk '/^\/\*[^@]/ { internal = /Internal/ }
	/^(TROWEL_API|static inline) / { text = ""; open = 1 }
	open { text = text " " $0 }
	open && match(text, /trowel_[a-z0-9_]+\(/) {
		open = 0
		if (!internal)
			print substr(text, RSTART, RLENGTH - 1)
	}' "$@" | sort -u
}
functions=$(functions "$TOP_SRCDIR"/{wire/wire,resolver/engine,resolver/resolver}.h)
check "every function has a page of its own name, and leads to one" "$(
	cd "$(find "$root" -path '*/man/man3')" || exit
	echo "$functions" | while read -r name; do
		read -r word page <"$name.3" && [ "$word" = .so ] &&
			grep -q "^\.F[no] $name\b" "${page#man3/}" ||
			echo "no page of $name"
	done
	[ "$(echo "$functions" | wc -l)" -ge 40 ] || echo "only $functions")"

export PKG_CONFIG_SYSROOT_DIR=$root
export PKG_CONFIG_LIBDIR=$root$libdir/pkgconfig
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
# From a directory of its own: no header of the source tree is within reach.
cp "$TOP_SRCDIR"/examples/{lookup,poll_loop,own_sockets}.c "$root"
cd "$root" || exit 1
# shellcheck disable=SC2086,SC2046 # these are lists of words
log=$($CC $CFLAGS $(pkg-config --cflags trowel) -o lookup lookup.c $LDFLAGS \
	$(pkg-config --libs trowel) 2>&1) && log=
check "the example builds against the installed library" "$log"
for example in poll_loop own_sockets; do
	# shellcheck disable=SC2086,SC2046
	log=$($CC $CFLAGS $(pkg-config --cflags trowel) -o $example $example.c \
		$LDFLAGS $(pkg-config --libs trowel) 2>&1) && log=
	check "so does $example" "$log"
done

echo "nameserver 127.0.0.1:$TROWEL_TEST_PORT" >resolv.conf
export LD_LIBRARY_PATH=$root$libdir

# lookup_prints name addresses: in any order of the families.
lookup_prints() {
	local printed
	printed=$(./lookup "$1" resolv.conf 2>&1 | sort | tr '\n' ' ')
	check "the example prints the addresses of $1" "$(
		[ "$printed" = "$2 " ] || echo "$printed, not $2")"
	printed=$(./poll_loop "$1" resolv.conf 2>&1 | sort | tr '\n' ' ')
	check "so does the loop with poll()" "$(
		[ "$printed" = "$2 " ] || echo "$printed, not $2")"
}

lookup_prints ipv4.trowel.test "192.0.2.4"
lookup_prints ipv6.trowel.test "2001:db8::6"
lookup_prints www.trowel.test "192.0.2.10 2001:db8::10"
lookup_prints alias.trowel.test "192.0.2.10 2001:db8::10"
check "the example prints all 100 addresses that come by TCP" "$(
	count=$(./lookup big.trowel.test resolv.conf | grep -c '^198\.51\.100\.')
	[ "$count" -eq 100 ] || echo "$count addresses")"
check "sockets of its own bring what comes by UDP, and by TCP" "$(
	for name in alias big; do
		./own_sockets $name.trowel.test "$TROWEL_TEST_PORT" 127.0.0.1
	done | sort -u | wc -l | grep -vx 101)"
check "the example fails for a name that does not exist" "$(
	printed=$(./lookup missing.trowel.test resolv.conf 2>/dev/null)
	status=$?
	[ "$status" -eq 1 ] || echo "status $status"
	echo "$printed")"

# A project of CMake's finds and links the same.
if command -v cmake >/dev/null; then
	mkdir consumer && cp lookup.c consumer
	cat >consumer/CMakeLists.txt <<'_END'
cmake_minimum_required(VERSION 3.10)
project(consumer C)
find_package(trowel 0.1 REQUIRED)
add_executable(lookup lookup.c)
target_link_libraries(lookup trowel::trowel)
_END
	log=$(CFLAGS=$CFLAGS LDFLAGS=$LDFLAGS CC=$CC cmake -S consumer -B built \
		-Dtrowel_DIR="$root$libdir/cmake/trowel" 2>&1 &&
		cmake --build built 2>&1) && log=
	check "a project of CMake's builds with the installed library" "$log"
	check "and looks up addresses" "$(
		printed=$(./built/lookup ipv4.trowel.test resolv.conf 2>&1)
		[ "$printed" = 192.0.2.4 ] || echo "$printed")"
	sed -i 's/trowel 0.1/trowel 99.0/' consumer/CMakeLists.txt
	check "a version that is not there is not found" "$(
		! cmake -S consumer -B other -Dtrowel_DIR="$root$libdir/cmake/trowel" \
			>/dev/null 2>&1 || echo "found")"
else
	skip "no cmake"
fi
report
