#!/bin/bash
# SPDX-License-Identifier: MIT
# What the library shows, needs and holds, read from its symbol tables.
set -u
. "$(dirname "$0")/check.sh"
NM=${NM:-nm}
INSTRUMENTED=${INSTRUMENTED:-}
library=$TOP_BUILDDIR/.libs/libtrowel.so
core=$TOP_BUILDDIR/.libs/libtrowel-core.a
command=$TOP_BUILDDIR/cli/trowel

needed() {
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}

defined_by() {
	$NM -g --defined-only "$@" | awk 'NF == 3 { print $3 }'
}

# Global symbols that an archive defines, but for those of the sanitizers.
defined() {
	defined_by "$1" |
		grep -vE '^(__asan_|__odr_asan|__ubsan_|__gcov_|__llvm_)'
}

# Only libc, and what the compiler itself needs on some machines.
others() {
	grep -vE '^(libc|ld-linux.*|libgcc_s|libc\.musl.*)\.so(\.[0-9]+)?$'
}

if [ -f "$library" ]; then
	exported=$($NM -D --defined-only "$library" |
		awk '$2 != "A" { print $3 }')
	check "the shared library exports trowel_* of TROWEL_0 alone" \
		"$(echo "$exported" | grep -vE '^trowel_[a-z0-9_]+@@TROWEL_0$')"
	check "every function of the headers is exported" "$(
		cat "$TOP_SRCDIR"/wire/wire.h \
			"$TOP_SRCDIR"/resolver/{engine,resolver}.h |
		grep -v '^#' | tr '\n' ' ' | grep -oE 'TROWEL_API [^(]*\(' |
		sed 's/ *($//; s/.*[ *]//' |
		while read -r name; do
			echo "$exported" | grep -q "^$name@@" || echo "$name"
		done)"
	if [ -z "$INSTRUMENTED" ]; then
		check "the shared library needs libc alone" \
			"$(needed "$library" | others)"
		# The system makes whole pages read-only.
		check "what is read-only after relocation ends with a page" "$(
			readelf -lW "$library" | grep GNU_RELRO |
			while read -r _ _ address _ _ size _; do
				[ $(((address + size) % 4096)) -eq 0 ] ||
					echo "$address + $size"
			done)"
	fi
else
	skip "no shared library here"
fi
if [ -z "$INSTRUMENTED" ]; then
	check "the command needs libc alone" "$(needed "$command" | others)"
	# .data.rel.ro is constant once the addresses in it are filled in.
	check "the library holds no writable data" "$(size -A "$core" |
		awk '$1 ~ /^\.(data|bss|tdata|tbss)/ && $2 > 0' |
		grep -v '^\.data\.rel\.ro')"
else
	skip "instrumented: what it needs and holds is not the library's own"
fi
check "global names begin with trowel_ or tw_" \
	"$(defined "$core" | grep -vE '^(trowel|tw)_')"
# Bulk mode shares one pool of sockets where the library has one for each lookup:
# it takes the sockets, the clock and what is known of a server from inside.
check "the command uses only public functions, but for bulk mode" "$(
	cd "$TOP_BUILDDIR" && comm -23 \
		<(find cli -name '*.o' ! -name '*bulk*' -exec $NM -u {} + |
			awk '$2 ~ /^tw_/ { print $2 }' | sort -u) \
		<(defined_by cli/*.o | sort -u))"
report
