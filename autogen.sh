#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes configure out of configure.ac. Needed in a clone; a release has it.
set -eu
cd "$(dirname "$0")"

missing=
for tool in autoconf:autoconf automake:automake libtoolize:libtool; do
	command -v "${tool%%:*}" >/dev/null 2>&1 ||
		missing="$missing ${tool##*:}"
done
if [ -n "$missing" ]; then
	echo "autogen.sh: missing:$missing" >&2
	echo "autogen.sh: on Debian: apt-get install$missing" >&2
	exit 1
fi

mkdir -p m4
autoreconf -fi
