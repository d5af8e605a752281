#!/bin/bash
# SPDX-License-Identifier: MIT
# readme.sh [--write]: the README's table of figures, out of those that stand in
# README.md here; prints it, or puts it there.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)

table() {
	awk -F ' *[|] *' '
	# 26649191 as 26,649,191.
	function spaced(number) {
		while (match(number, /[0-9][0-9][0-9][0-9]+(,|$)/)) {
			n = match(number, /[0-9][0-9][0-9](,|$)/)
			number = substr(number, 1, n - 1) "," substr(number, n)
		}
		return number
	}
	function figure(section, row, column) {
		if (!((section, row, column) in cell)) {
			print "no " row " in " section >"/dev/stderr"
			missing = 1
		}
		return spaced(cell[section, row, column])
	}
	function line(what, ours, others, command) {
		printf "| %s | %s | %s | `./bench/%s` |\n",
			what, ours, others, command
	}
	function shell(what, column, s) {
		s = "Figures of one lookup"
		line(what, figure(s, "trowel +short", column),
			"dnsget " figure(s, "dnsget", column) \
			", drill " figure(s, "drill -Q", column) \
			", kdig " figure(s, "kdig +short", column) \
			", dig " figure(s, "dig +short", column), "one.sh")
	}
	function lookup(what, row, s) {
		s = "Figures of lookups"
		line(what, figure(s, row, 4),
			"libunbound " figure(s, row, 5) \
			", c-ares " figure(s, row, 6) \
			", glibc " figure(s, row, 7), "lookups.sh")
	}
	function loss(what, row, column, s) {
		s = "Figures of lookups"
		line(what, figure(s, row ", trowel", column),
			"libunbound " figure(s, row ", libunbound", column) \
			", c-ares " figure(s, row ", c-ares", column) \
			", glibc " figure(s, row ", glibc", column), "lookups.sh")
	}
	function codec(what, column, s) {
		s = "Figures"
		line(what, figure(s, "trowel", column),
			"udns " figure(s, "udns", column) \
			", glibc " figure(s, "glibc ns_parse", column) \
			", c-ares " figure(s, "c-ares", column) \
			", libknot " figure(s, "libknot", column) \
			", ldns " figure(s, "ldns", column), "run.sh")
	}
	/^## / { section = substr($0, 4) }
	/^\|/ && !((section, $2, 3) in cell) {
		for (i = 3; i <= NF; i++)
			cell[section, $2, i] = $i
	}
	$2 == "shape" { slow = $3 ~ /^trowel/ }
	slow && /^\|/ {
		for (i = 3; i <= NF; i++)
			if ($i + 0 > worst[i])
				worst[i] = $i + 0
	}
	END {
		print "| | trowel | others | shown by |"
		print "|---|--:|---|---|"
		shell("a lookup from the shell, ms", 3)
		shell("the same, instructions", 6)
		lookup("a packet lost, server never asked before, ms",
			"one packet lost, server never asked before")
		lookup("a packet lost, server known, in round trips",
			"one packet lost, server known: in round trips, not ms")
		lookup("two packets lost, ms", "two packets lost")
		lookup("first server dead, first lookup, ms",
			"first server dead: first lookup")
		lookup("first server dead, slowest of the next hundred, ms",
			"first server dead: slowest of the next hundred")
		loss("10 % lost, 20 ms away, slowest but for 1 %, ms",
			"one after another", 5)
		codec("a message checked and walked, instructions", 3)
		line("the slowest 64 KiB that we know, us",
			spaced(worst[3] > worst[5] ? worst[3] : worst[5]),
			"udns " spaced(worst[7]) ", glibc " spaced(worst[8]) \
			", c-ares " spaced(worst[9]) ", libknot " \
			spaced(worst[10]) ", ldns " spaced(worst[11]), "run.sh")
		line("shared library, stripped, octets",
			figure("Figures of lookups",
				"shared library, stripped, octets", 4), "",
			"lookups.sh")
		exit missing
	}' "$top/bench/README.md"
}

# The lines between the marks, in place of those there.
write() {
	local new
	new=$(table) || exit 1
	NEW=$new awk '
	/^<!-- figures end/ { inside = 0 }
	!inside { print }
	/^<!-- figures begin/ { print ENVIRON["NEW"]; inside = 1 }' \
		"$top/README.md" >"$top/README.md.new" &&
		mv "$top/README.md.new" "$top/README.md"
}

case ${1:-} in
--write) write ;;
*) table ;;
esac
