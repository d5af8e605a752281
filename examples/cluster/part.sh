#!/bin/sh
# SPDX-License-Identifier: MIT
# part.sh DIRECTORY NUMBER [WORD...] <NAMES >RESULTS: one part of the names, on
# the machine that it was given to. All results come at the end, or none do: what
# is cut off is not seen by anybody. They wait in DIRECTORY, which is made; there,
# another try finds what it need not ask again.
set -u
part=$1/part-$2
mkdir -p "$1" || exit
shift 2

# Results that no checkpoint speaks of will come again.
[ -e "$part.checkpoint" ] || rm -f "$part.results"
${TROWEL:-trowel} --bulk --checkpoint "$part.checkpoint" "$@" >>"$part.results"
status=$?
# Not one answer: it is not the names that are to blame.
[ $status -ne 9 ] || rm -f "$part.checkpoint" "$part.results"
[ $status -eq 0 ] || exit $status
cat "$part.results" && rm -f "$part.checkpoint" "$part.results"
