#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds Debian's packages out of a copy of the tree, has lintian read them,
# installs them below a directory that holds little but a libc, and looks up
# names there: by the command, by getaddrinfo(), and by a program that is built
# against what is installed. Asks the dnsmasq of fixtures/.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/fixtures/lib.sh"

# The root of a file system is somebody's who may be anybody.
[ "$(id -u)" -eq 0 ] || exec unshare -r bash "$0" "$@"

main() {
	make_scratch
	chmod a+rx "$scratch"
	root=$scratch/root
	build_packages && check_packages && make_root && install_packages_there &&
		use_command && use_name_service && use_library
}

build_packages() {
	mkdir "$scratch/tree" && tar -C "$top" --exclude=./build \
		--exclude=./.git --exclude=./autom4te.cache -cf - . |
		tar -C "$scratch/tree" -xf - && cd "$scratch/tree" &&
		DEB_BUILD_OPTIONS="parallel=$(cores) nocheck" \
			dpkg-buildpackage -b -us -uc
}

check_packages() {
	lintian --allow-root --fail-on error,warning "$scratch"/*.changes
}

# As much of a system as dpkg needs; its lists, too, which are empty.
make_root() {
	local directory
	mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{etc,tmp} \
		"$root"/var/lib/dpkg/{info,updates,triggers} || return 1
	for directory in bin sbin lib lib64; do
		ln -s "usr/$directory" "$root/$directory"
	done
	: >"$root/var/lib/dpkg/status"
	: >"$root/var/lib/dpkg/available"
	put_there "$(command -v getent)" "$(command -v sh)"
}

# put_there program...: with the libraries that it needs.
put_there() {
	local file
	for file in "$@" $(ldd "$@" | grep -o '/[^ :]*\.so[^ :]*'); do
		mkdir -p "$root$(dirname "$file")" &&
			cp -L "$file" "$root$file" || return 1
	done
}

install_packages_there() {
	# libc6 is there without being on the list.
	dpkg --root="$root" --force-depends --log=/dev/null -i \
		"$scratch"/{trowel,libtrowel0,libtrowel-dev,libnss-trowel}_*.deb &&
		ldconfig -r "$root"
}

# prints "what" command...: run there.
prints() {
	local expected=$1 printed
	shift
	printed=$(chroot "$root" "$@" 2>&1)
	[ "$printed" = "$expected" ] && return
	echo "$*: $printed, not $expected"
	return 1
}

use_command() {
	start_dnsmasq && prints 192.0.2.4 trowel @127.0.0.1 \
		-p "$TROWEL_TEST_PORT" ipv4.trowel.test +short
}

use_name_service() {
	echo "hosts: trowel" >"$root/etc/nsswitch.conf"
	echo "nameserver 127.0.0.1:$TROWEL_TEST_PORT" >"$root/etc/resolv.conf"
	prints "192.0.2.4       ipv4.trowel.test" getent hosts ipv4.trowel.test
}

# With the headers and the library that the package has, and no others.
use_library() {
	export PKG_CONFIG_SYSROOT_DIR=$root
	PKG_CONFIG_LIBDIR=$(dirname "$(find "$root/usr" -name trowel.pc)")
	export PKG_CONFIG_LIBDIR
	# shellcheck disable=SC2046 # words
	cc -o "$root/tmp/lookup" "$top/examples/lookup.c" \
		-I"$root/usr/include" $(pkg-config --cflags --libs trowel) &&
		prints 192.0.2.4 /tmp/lookup ipv4.trowel.test /etc/resolv.conf
}

main
