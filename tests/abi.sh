#!/bin/bash
# SPDX-License-Identifier: MIT
# Whether programs that were built with the last release run with this library:
# functions may have come, none may have gone, and nothing that they and their
# callers share may look different. "abi.sh --write", which is "make abi", makes
# this library's interface the one that is held to.
set -u
. "$(dirname "$0")/check.sh"
library=$TOP_BUILDDIR/.libs/libtrowel.so
baseline=$TOP_SRCDIR/abi/libtrowel.abi
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
# Types that are not in these are nobody's business. (Links are not looked at.)
headers=$scratch/headers
mkdir "$headers" &&
	cp "$TOP_SRCDIR"/wire/wire.h "$TOP_SRCDIR"/resolver/{engine,resolver}.h \
		"$headers" || exit 1

# write file: this library's interface.
write() {
	abidw --no-corpus-path --no-comp-dir-path --no-show-locs \
		--drop-private-types --headers-dir "$headers" \
		--out-file "$1" "$library"
}

if [ "${1:-}" = --write ]; then
	write "$baseline"
	exit
fi
# The file is of a machine; on others sizes are others.
if ! command -v abidiff >/dev/null ||
	[ ! -f "$library" ] || [ "$(uname -m)" != x86_64 ]; then
	echo "no abidiff, no shared library, or not amd64"
	exit 77
fi

# differences baseline
differences() {
	abidiff --no-added-syms "$1" "$scratch/now" >"$scratch/report" ||
		cat "$scratch/report"
}

check "the interface can be read" "$(write "$scratch/now" 2>&1)"
check "the interface is the last release's" "$(differences "$baseline")"

# Were it not so, that would be told.
awk "/class-decl name='trowel_ask'/ { inside = 1 }
	inside && /<data-member / { n++ }
	!(inside && n == 1) { print }
	inside && /<.data-member>/ { n++ }" "$baseline" >"$scratch/member"
check "a new member of a struct is noticed" "$(
	[ -n "$(differences "$scratch/member")" ] || echo "it is not")"
sed "s/trowel_query/trowel_gone/" "$baseline" >"$scratch/gone"
check "a function that has gone is noticed" "$(
	[ -n "$(differences "$scratch/gone")" ] || echo "it is not")"
sed "s/\(<enumerator name='TROWEL_TIMED_OUT' value='\)[0-9]*/\1999/" \
	"$baseline" >"$scratch/value"
check "another value of a name is noticed" "$(
	[ -n "$(differences "$scratch/value")" ] || echo "it is not")"
report
