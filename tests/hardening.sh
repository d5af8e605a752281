#!/bin/bash
# SPDX-License-Identifier: MIT
# What the command and the library are hardened by, as their files show it. What
# the compiler or the libc cannot do (configure says so) is skipped.
set -u
. "$(dirname "$0")/check.sh"
INSTRUMENTED=${INSTRUMENTED:-}
NM=${NM:-nm}
library=$TOP_BUILDDIR/.libs/libtrowel.so
command=$TOP_BUILDDIR/cli/trowel

if [ -n "$INSTRUMENTED" ]; then
	skip "instrumented: the flags are others"
	report
fi
command -v readelf >/dev/null || {
	echo "no readelf"
	exit 77
}

# has_flag flag: whether the command's own code was built with it.
has_flag() {
	grep '^\(HARDENED\|COMMAND\)_CFLAGS = ' "$TOP_BUILDDIR/Makefile" |
		grep -q -e "$1" && return
	skip "no $1 here"
	return 1
}

# missing "what to tell" command...
missing() {
	local what=$1
	shift
	"$@" >/dev/null || echo "$what"
}

headers() {
	readelf -lW "$1"
}

check_segments() {
	check "$2 becomes read-only where it has been relocated" "$(
		headers "$1" | missing "no GNU_RELRO" grep GNU_RELRO)"
	check "$2 has no stack that can be executed" "$(
		headers "$1" | missing "GNU_STACK" grep 'GNU_STACK .* RW ')"
	check "$2 has no segment that can be written and executed" "$(
		headers "$1" | grep ' RWE ')"
	check "$2 has no relocations in its code" "$(
		readelf -dW "$1" | grep TEXTREL)"
}

check "the command lies anywhere in memory" "$(
	readelf -hW "$command" | missing "no DYN" grep 'Type: *DYN')"
check_segments "$command" "the command"
if [ -f "$library" ]; then
	check_segments "$library" "the library"
	check "the library's calls are bound when it is loaded" "$(
		readelf -dW "$library" |
		missing "no BIND_NOW" grep -E 'BIND_NOW|FLAGS_1.*NOW')"
else
	skip "no shared library here"
fi
! has_flag -fstack-protector-strong ||
	check "the command's stack is guarded" "$($NM -D "$command" |
		missing "no __stack_chk_fail" grep __stack_chk_fail)"
! has_flag -fstack-protector || [ ! -f "$library" ] ||
	check "the library's stack is guarded" "$($NM -D "$library" |
		missing "no __stack_chk_fail" grep __stack_chk_fail)"
! has_flag -D_FORTIFY_SOURCE=2 || ! ldd "$command" | grep -q 'libc\.so\.6' ||
	check "the command's calls know their buffers" "$($NM -D "$command" |
		missing "no function with _chk" grep '[a-z]_chk\(@\|$\)')"
# The mark needs start files of the libc that bear it, too.
! has_flag -fcf-protection || ! objdump -f "$command" | grep -q x86-64 ||
	check "the command's own code takes a shadow stack" "$(
		readelf -nW "$TOP_BUILDDIR"/cli/trowel-main.o |
		missing "no SHSTK" grep SHSTK)"
report
