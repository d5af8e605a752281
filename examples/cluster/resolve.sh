#!/bin/sh
# SPDX-License-Identifier: MIT
# resolve.sh NAMES DIRECTORY LOGINS [WORD...]: resolves the names of a file, one
# a line, on several machines, with GNU Parallel. LOGINS are its --sshlogin's:
# "8/:" is eight workers here, "8/:,8/host" as many on a host too. The words go to
# `trowel --bulk`. Results come into DIRECTORY/results, in no order. When it ends
# with another status than 0, or was ended, the same command goes on where it was.
set -eu
NAMES=$1 DIRECTORY=$2 LOGINS=$3
shift 3
BLOCK=${BLOCK:-4M} # some 150,000 names: half a minute at 5,000 a second

part=$(cd "$(dirname "$0")" && pwd)/part.sh
mkdir -p "$DIRECTORY"
DIRECTORY=$(cd "$DIRECTORY" && pwd)

# Parts that failed or were not begun, by the log. The same names and BLOCK make
# the same parts.
parallel --will-cite --pipe --block "$BLOCK" --sshlogin "$LOGINS" \
	--joblog "$DIRECTORY/log" --resume-failed \
	"$part" "$DIRECTORY" '{#}' "$@" \
	<"$NAMES" >>"$DIRECTORY/results"
