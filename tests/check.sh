# SPDX-License-Identifier: MIT
# What the test scripts share: counted checks. Sourced.

TOP_SRCDIR=${TOP_SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
TOP_BUILDDIR=${TOP_BUILDDIR:-$TOP_SRCDIR/build}
passed=0 failed=0 skipped=0

# check "a sentence" [what contradicts it]: passes where nothing does.
check() {
	if [ -z "${2:-}" ]; then
		echo "passed: $1"
		passed=$((passed + 1))
	else
		printf 'FAILED: %s\n%s\n' "$1" "$2" | sed '2,$s/^/	/'
		failed=$((failed + 1))
	fi
}

skip() {
	echo "skipped: $1"
	skipped=$((skipped + 1))
}

# The last line, and the exit status.
report() {
	printf '\n%d passed, %d failed' "$passed" "$failed"
	[ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped"
	printf '\n'
	[ "$failed" -eq 0 ]
	exit
}
