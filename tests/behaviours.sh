#!/bin/bash
# SPDX-License-Identifier: MIT
# behaviours.sh: whether every row of behaviours.txt has a test that is there,
# or a reason, and BEHAVIOURS.md says the same. behaviours.sh --write writes
# that file.
set -u
. "$(dirname "$0")/check.sh"
cd "$TOP_SRCDIR/tests" || exit 1

# The letters of the rows, and how many there are of each.
ROWS="T 54 G 66 C 67 U 9 B 6 F 41"
SCRIPTS="cli.sh explain.sh layers.sh fuzz/replay.sh ../.ci/run"

# Prints what is wrong, a line each.
faults() {
	local name
	{
		grep -Ho 'CHECK_CASE([a-z0-9_]*)' test_*.c |
			sed -E 's/^test_(.*)\.c:CHECK_CASE\((.*)\)/case \1:\2/'
		grep -oE 'tests/test_[a-z0-9_]+' ../Makefile.am |
			sed 's|.*test_|built |'
		for name in ../fixtures/scenarios/*.txt; do
			echo "case scenario:$(basename "$name" .txt)"
		done
		for name in ../fixtures/messages/*.hex; do
			echo "case message:$(basename "$name" .hex)"
		done
		for name in $SCRIPTS; do
			sed "s|^|script $(basename "$name" .sh) |" "$name"
		done
		sed 's/^/row /' behaviours.txt
	} | awk -v rows="$ROWS" '
	$1 == "case" { cases[$2]; next }
	$1 == "built" { built[$2]; next }
	$1 == "script" {
		name = $2
		sub(/^script [^ ]* /, "")
		scripts[name] = scripts[name] "\n" $0
		next
	}
	{ sub(/^row /, "") }
	/^[A-Z][0-9]+\t/ {
		end_row()
		row = $1
		if (++seen[row] > 1)
			print row " is there twice"
	}
	/^\t- ./ { shown++; next }
	/^\t/ {
		shown++
		if (!is_there(substr($0, 2)))
			print row ": no such test: " substr($0, 2)
	}
	function is_there(test, colon, name) {
		colon = index(test, ": ")
		if (!colon) {
			name = substr(test, 1, index(test, ":") - 1)
			return (test in cases) && (name in built ||
				name == "scenario" || name == "message")
		}
		name = substr(test, 1, colon - 1)
		return index(scripts[name], substr(test, colon + 2))
	}
	function end_row() {
		if (row && !shown)
			print row " has neither test nor reason"
		shown = 0
	}
	END {
		end_row()
		count = split(rows, words, " ")
		for (i = 1; i < count; i += 2)
			for (k = 1; k <= words[i + 1]; k++)
				if (!(words[i] k in seen))
					print words[i] k " is missing"
	}'
}

table() {
	cat <<'_END'
# What trowel withstands, and where that is tested

Made by `tests/behaviours.sh --write` out of [behaviours.txt](behaviours.txt);
`make check` holds both to the tests that there are. `name: case` is a case of
`tests/test_name.c`, `scenario` a file of `fixtures/scenarios`, `message` one of
`fixtures/messages`; the rest are checks of the scripts here. Rows without a test
say why.
_END
	awk -F '\t' '
	/^= / {
		end_row()
		print "\n## " substr($0, 3) "\n\n| | what | shown by |\n|---|---|---|"
	}
	/^[A-Z][0-9]+\t/ { end_row(); row = "| " $1 " | " $2 " |"; comma = " " }
	/^\t- / { row = row comma substr($2, 3); comma = ", "; next }
	/^\t/ {
		sub(/:/, ": ", $2)
		sub(/:  /, ": ", $2)
		gsub(/\|/, "\\|", $2)
		row = row comma "`" $2 "`"
		comma = ", "
	}
	function end_row() {
		if (row)
			print row " |"
		row = ""
	}
	END { end_row() }' behaviours.txt
}

if [ "${1:-}" = --write ]; then
	table >BEHAVIOURS.md
	exit
fi
check "every row has a test that is there, or a reason" "$(faults)"
check "SECURITY.md has every threat, in the same words" "$(diff \
	<(awk -F '\t' '/^T[0-9]+\t/ { print $1, $2 }' behaviours.txt) \
	<(awk -F ' *[|] *' '$2 ~ /^T[0-9]+$/ && $4 { print $2, $3 }' \
		../SECURITY.md))"
check "BEHAVIOURS.md is behaviours.txt as a table" "$(
	table | cmp -s - BEHAVIOURS.md ||
		echo "it is not: run tests/behaviours.sh --write")"
report
