#!/bin/bash
# SPDX-License-Identifier: MIT
# examples/cluster: a list of names over several workers of this machine, one of
# which is killed half-way. In the end, each name has exactly one result.
set -u
. "$(dirname "$0")/check.sh"
[ -n "${TROWEL_TEST_PORT:-}" ] ||
	exec bash "$TOP_SRCDIR/fixtures/with-dnsmasq.sh" bash "$0" "$@"
trowel=$TOP_BUILDDIR/cli/trowel
resolve=$TOP_SRCDIR/examples/cluster/resolve.sh
part=$TOP_SRCDIR/examples/cluster/part.sh

if ! command -v parallel >/dev/null ||
	! parallel --version 2>/dev/null | grep -q '^GNU parallel'; then
	skip "there is no GNU Parallel"
	report
fi
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch TROWEL=$scratch/trowel VICTIM=$scratch/victim
server=(@127.0.0.1 -p "$TROWEL_TEST_PORT")
NAMES=3000

# The first worker that is begun leaves its process id and where its results go,
# as long as nobody did.
cat >"$TROWEL" <<_END
#!/bin/sh
set -C
{ echo "\$\$ \$3" >"$VICTIM"; } 2>/dev/null
exec "$trowel" "\$@"
_END
chmod +x "$TROWEL"
seq -f 'n%.0f.trowel.test' $NAMES >"$scratch/names"
sort "$scratch/names" >"$scratch/sorted"

# killed_half_way command...: kills the first worker once some of its results are
# written. Sets $status to that of the command, and $checkpoint to the worker's.
killed_half_way() {
	local job deadline=$((SECONDS + 20))
	rm -f "$VICTIM"
	"$@" 2>"$scratch/errors" &
	job=$!
	until [ -s "$VICTIM" ] && read -r pid checkpoint <"$VICTIM" &&
		[ -s "${checkpoint%.checkpoint}.results" ]; do
		if [ $SECONDS -gt $deadline ] || ! kill -0 $job; then
			check "a worker is killed half-way" \
				"$(cat "$scratch/errors")"
			return
		fi
		sleep 0.01
	done 2>/dev/null
	check "a worker is killed half-way" "$(kill -KILL "$pid" 2>&1)"
	wait $job
	status=$?
}

# differences results: names that do not have exactly one.
differences() {
	cut -f 1 "$1" | sed 's/\.$//' | sort | diff "$scratch/sorted" - | head
}

export BLOCK=8K
run=("$resolve" "$scratch/names" "$scratch/run" 3/: "${server[@]}" --rate 500)
killed_half_way "${run[@]}"
check "the script then ends with another status than 0" \
	"$([ "$status" -ne 0 ] || echo "$status")"
check "the log has one failure" "$(awk 'NR > 1 && $7 != 0 { failed++ }
	END { if (failed != 1) print failed + 0 }' "$scratch/run/log")"
check "nothing of the part that failed is among the results" \
	"$(cut -f 1 "${checkpoint%.checkpoint}.results" "$scratch/run/results" |
		sort | uniq -d | head)"
before=$(wc -l <"$scratch/run/results")
check "some names have no result yet" \
	"$([ "$before" -gt 0 ] && [ "$before" -lt $NAMES ] || echo "$before")"
"${run[@]}" 2>"$scratch/errors"
status=$?
check "the same command again goes on, and ends with 0" \
	"$([ $status -eq 0 ] || cat "$scratch/errors")"
check "each name has exactly one result" \
	"$(differences "$scratch/run/results")"
"${run[@]}" 2>"$scratch/errors"
check "once more, it has nothing to do" \
	"$(differences "$scratch/run/results")"
check "no part is left behind" "$(find "$scratch/run" -name 'part-*')"

# Faster at the start of a very long list; nothing can be begun again.
mkdir "$scratch/once"
parallel --will-cite --pipepart -a "$scratch/names" --block 8K --sshlogin 3/: \
	--joblog "$scratch/once/log" "$part" "$scratch/once" '{#}' \
	"${server[@]}" >"$scratch/once/results" 2>"$scratch/errors"
check "each name has exactly one result by --pipepart, too" \
	"$(differences "$scratch/once/results")"

# For schedulers that number their jobs.
for shard in 1 2 3; do
	"$trowel" --bulk "$scratch/names" "${server[@]}" --shard $shard/3 \
		2>"$scratch/errors" || cat "$scratch/errors"
done >"$scratch/shards"
check "three shards are the list" "$(differences "$scratch/shards")"

report
