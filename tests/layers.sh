#!/bin/bash
# SPDX-License-Identifier: MIT
# Who may include whom, and that wire and engine touch nothing of the system.
set -u
. "$(dirname "$0")/check.sh"
CC=${CC:-cc}
OBJDUMP=${OBJDUMP:-objdump}

# Files, then what they may include, as shell patterns. The first row that fits
# a file is its row. Quotes and angle brackets are one here.
table() {
	cat <<'_END'
wire/*			wire/* laws.h stdint.h stddef.h stdbool.h
resolver/resolver.h	trowel/wire.h trowel/engine.h
resolver/engine.[ch]	trowel/wire.h trowel/engine.h resolver/attempt.h resolver/gate.h resolver/health.h resolver/reply.h resolver/turn.h errno.h
resolver/attempt.[ch]	trowel/engine.h resolver/attempt.h errno.h
resolver/turn.[ch]	trowel/engine.h resolver/turn.h resolver/attempt.h resolver/query.h resolver/health.h wire/cursor.h
resolver/query.[ch]	trowel/engine.h resolver/query.h resolver/health.h resolver/turn.h wire/cursor.h
resolver/gate.[ch]	trowel/engine.h resolver/gate.h resolver/query.h resolver/turn.h wire/cursor.h
resolver/reply.[ch]	trowel/engine.h resolver/reply.h resolver/attempt.h resolver/gate.h resolver/health.h resolver/turn.h wire/cursor.h
resolver/health.[ch]	trowel/engine.h resolver/health.h
resolver/transport.[ch]	trowel/* config.h resolver/transport.h resolver/stream.h resolver/address.h wire/cursor.h SYSTEM
resolver/stream.[ch]	resolver/stream.h resolver/transport.h SYSTEM
resolver/poller.[ch]	config.h resolver/poller.h resolver/transport.h SYSTEM
resolver/waiter.[ch]	config.h resolver/waiter.h resolver/poller.h resolver/links.h resolver/transport.h SYSTEM
resolver/channel.[ch]	trowel/* resolver/address.h resolver/channel.h resolver/context.h resolver/transport.h resolver/waiter.h resolver/links.h SYSTEM
resolver/context.h	trowel/* resolver/job.h resolver/random.h resolver/servers.h resolver/waiter.h
resolver/job.c		trowel/* resolver/job.h resolver/context.h SYSTEM
resolver/lookup.[ch]	trowel/* resolver/lookup.h resolver/channel.h resolver/context.h SYSTEM
resolver/servers.[ch]	trowel/* resolver/servers.h resolver/address.h SYSTEM
resolver/plan.c		trowel/* resolver/lookup.h
resolver/arrival.c	trowel/* resolver/lookup.h wire/cursor.h SYSTEM
resolver/answer.c	trowel/* resolver/lookup.h SYSTEM
resolver/options.[ch]	trowel/* resolver/options.h resolver/conf.h resolver/file.h SYSTEM
resolver/conf.[ch]	trowel/* resolver/conf.h resolver/words.h string.h stdint.h stddef.h stdbool.h
resolver/words.[ch]	trowel/* resolver/words.h resolver/address.h string.h stdint.h stddef.h stdbool.h
resolver/file.[ch]	trowel/wire.h resolver/file.h SYSTEM
resolver/hosts.[ch]	trowel/* resolver/hosts.h resolver/words.h string.h stdint.h stddef.h stdbool.h
resolver/sort.[ch]	trowel/* resolver/sort.h string.h stdint.h stddef.h stdbool.h
resolver/route.[ch]	trowel/* resolver/route.h resolver/sort.h resolver/address.h SYSTEM
resolver/address.[ch]	trowel/* resolver/address.h wire/codes.h wire/text.h SYSTEM
resolver/random.[ch]	trowel/wire.h resolver/random.h SYSTEM
resolver/addrinfo.c	trowel/* resolver/hunt.h resolver/host.h resolver/route.h string.h
resolver/hunt.[ch]	trowel/* resolver/hunt.h resolver/job.h resolver/search.h resolver/file.h resolver/hosts.h resolver/host.h resolver/list.h resolver/outcome.h resolver/transport.h SYSTEM
resolver/search.[ch]	trowel/* resolver/search.h resolver/host.h string.h
resolver/host.[ch]	trowel/* resolver/host.h resolver/address.h string.h
resolver/outcome.[ch]	trowel/* resolver/outcome.h string.h
resolver/list.[ch]	trowel/* resolver/list.h resolver/address.h resolver/route.h SYSTEM
resolver/reverse.c	trowel/* resolver/job.h resolver/file.h resolver/hosts.h resolver/host.h resolver/list.h resolver/outcome.h SYSTEM
resolver/services.c	trowel/* resolver/job.h resolver/host.h resolver/list.h resolver/outcome.h resolver/target.h SYSTEM
resolver/target.[ch]	trowel/* resolver/target.h resolver/outcome.h string.h
resolver/links.[ch]	resolver/links.h stdbool.h stddef.h
resolver/job.h		trowel/* resolver/links.h
resolver/resolver.c	trowel/* resolver/* wire/wire.h wire/cursor.h SYSTEM
nss/*			trowel/resolver.h SYSTEM
cli/bulk*		trowel/* cli/* config.h resolver/gate.h resolver/health.h resolver/transport.h wire/cursor.h SYSTEM
cli/*			trowel/wire.h trowel/engine.h trowel/resolver.h cli/* SYSTEM
_END
}

# Prints what a file includes beyond its row.
strangers() {
	local file=$1 include pattern allowed
	allowed=$(table | while read -r pattern allowed; do
		# shellcheck disable=SC2254 # a pattern
		case $file in $pattern) echo "$allowed"; break ;; esac
	done)
	[ -n "$allowed" ] || echo "no row in the table"
	sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]\([^>"]*\).*/\1/p' \
		"$file" | while read -r include; do
		is_allowed "$include" "$allowed" || echo "includes $include"
	done
}

is_allowed() {
	local pattern include=$1
	set -f
	for pattern in $2; do
		# shellcheck disable=SC2254 # a pattern
		case $include in $pattern) set +f; return 0 ;; esac
		[ "$pattern" = SYSTEM ] && is_system "$include" &&
			{ set +f; return 0; }
	done
	set +f
	return 1
}

is_system() {
	case $1 in
	trowel/* | wire/* | resolver/* | cli/* | tests/*) return 1 ;;
	esac
	[ ! -e "$(dirname "$file")/$1" ]
}

# Prints the symbols that an object of libtool's takes from elsewhere, but for
# our own and those that compilers, sanitizers and gcov put in.
foreign_symbols() {
	local object
	# automake puts the target's name before the file's.
	object=$(find "$TOP_BUILDDIR/${1%/*}" -name "libtrowel*-${1##*/}" |
		head -n 1)
	[ -f "$object" ] || echo "no object $1"
	# nm would read what is there for the optimizer, without libc's names.
	$OBJDUMP -t "$object" | awk '$2 == "*UND*" { print $NF }' | grep -vE \
		-e '^(trowel|tw)_' \
		-e '^(mem(cpy|set|move|cmp)|strlen)$' \
		-e '^(_GLOBAL_OFFSET_TABLE_|__stack_chk_fail)$' \
		-e '^__(asan|ubsan|sanitizer|gcov|llvm)_'
}

cd "$TOP_SRCDIR" || exit 1
for file in wire/*.[ch] resolver/*.[ch] nss/*.[ch] cli/*.[ch]; do
	check "$file includes only what its row allows" "$(strangers "$file")"
done
for file in wire/*.c resolver/{engine,attempt,turn,query,gate,reply,health}.c; do
	check "$file uses no symbol of the system" \
		"$(foreign_symbols "${file%.c}.o")"
done
for file in wire/*.h resolver/*.h cli/*.h; do
	# shellcheck disable=SC2086 # a list of words
	check "$file compiles alone" "$(
		echo "#include \"$file\"" | $CC -std=c11 -D_DEFAULT_SOURCE \
		-Wall -Wextra -Werror -fsyntax-only -I. \
		-I"$TOP_BUILDDIR" -I"$TOP_BUILDDIR/include" -x c - 2>&1)"
done
report
