#!/bin/bash
# SPDX-License-Identifier: MIT
# Prints the functions of over 40 lines and the files of over 400, longest first;
# fails where one has over 60 that is no test. What is said to a prover does not
# count.
set -u
cd "${TOP_SRCDIR:-$(dirname "$0")/..}" || exit 1

# "lines file function" for each function: a body is between lines of one brace.
functions() {
	awk '
		FNR == 1 { name = ""; start = 0 }
		/^[a-zA-Z].*\(/ && !/;$/ {
			name = $0
			sub(/\(.*/, "", name)
			sub(/.*[ *]/, "", name)
		}
		/^\{/ { start = FNR; said = 0 }
		/\/[*\/]@/ { is_said = 1 }
		is_said { said++ }
		/\*\/|\/\/@/ { is_said = 0 }
		/^\}/ && start {
			print FNR - start - 1 - said, FILENAME, name
			start = 0
		}' "$@"
}

files=$(find wire resolver nss cli completions tests examples fixtures bench \
	-name '*.[ch]' ! -path '*/build/*')
# shellcheck disable=SC2086 # names without blanks
functions $files | sort -rn |
	awk '$1 > 40
		$1 > 60 && $2 !~ /^tests/ { failed = 1 }
		END { exit failed }'
status=$?
# shellcheck disable=SC2086
wc -l $files | awk '$1 > 400 && $2 != "total"' | sort -rn
exit $status
