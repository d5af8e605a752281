#!/bin/bash
# SPDX-License-Identifier: MIT
# prove.sh [--changed] [--write | --smoke] [wire/FILE...]: proves with Frama-C WP
# that the files of wire/ keep the contracts that stand in them, whatever octets
# they are given: all of them, or these. Prints for each function its goals, how
# many are proved, and the provers' seconds; the last line is the sum. Fails if
# a goal is not proved, if goals are not as many as tests/prove.expected has, at
# a warning, and if a function has no contract.
# --changed: only files that have changed since --write.
# --write: puts the goals as they are, and a hash of what was proved, into that
# list.
# --smoke: asks instead whether contracts contradict themselves or one another,
# which would prove anything: tries to prove of each contract, loop, call and
# branch that it is never come to. Nothing of that may succeed.
# F=function: that function alone (of the file, if there is one), with what the
# provers say of each goal.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=fixtures/lib.sh
. "$top/fixtures/lib.sh"
cd "$top" || exit 1

PROVE_PACKAGES="frama-c-base why3 z3 cvc4 gcc libc6-dev"
EXPECTED=tests/prove.expected
LAWS=wire/laws.h
# Of the resolver, what decides without I/O. What others do for it is taken on
# trust, as turn.h, gate.h and reply.h say it.
RESOLVER="resolver/health.c resolver/attempt.c resolver/engine.c"
# Beside what C leaves undefined: unsigned numbers that wrap, values that a
# conversion changes, loops without an end. A function of another file is taken
# to come to its end, as it is proved to there: none calls itself, by others or
# not, which the proof would not see.
CHECKS="-wp-rte -warn-unsigned-overflow -warn-unsigned-downcast
	-warn-signed-downcast -wp-definitions-terminate
	-wp-declarations-terminate -wp-literals"
# With these taken out, WP has smoke tests alone to do.
NO_GOALS=-@requires,-@assigns,-@ensures,-@exits,-@assert,-@invariant,-@variant
NO_GOALS+=,-@terminates
changed=
write=
smoke=

main() {
	local units=()
	while [ $# -gt 0 ]; do
		case $1 in
		--changed) changed=yes ;;
		--write) write=yes ;;
		--smoke) smoke=yes ;;
		*) units+=("$1") ;;
		esac
		shift
	done
	# shellcheck disable=SC2086 # a list of words
	install_packages $PROVE_PACKAGES
	make_scratch
	cp -r tests/prove "$scratch/session"
	mkdir -p "$scratch/include/trowel"
	ln -s "$top"/{wire/wire,resolver/engine}.h "$scratch/include/trowel"
	script_of_rows | tee "$scratch"/session/script/start_of_assert.json \
		>"$scratch/session/script/tw_kinds_of_assert.json"
	export WHY3CONFIG=$scratch/why3.conf
	why3 config detect >"$scratch/why3.log" 2>&1 ||
		die "why3 finds no prover"
	[ -z "${F:-}" ] || prove_function "$F" "${units[@]}"
	if [ ${#units[@]} -eq 0 ]; then
		mapfile -t units < <(all_units)
	fi
	if [ -z "$smoke" ]; then
		each prove "${units[@]}"
		report "${units[@]}"
	else
		each smoke "${units[@]}"
		report_smoke
	fi
}

# What the list has, in its order, and then the laws and files with a function
# that are not in it. The list has first what takes longest: what is long and
# last would be waited for alone.
all_units() {
	local unit
	{
		sed -nE 's/ [0-9a-f]{40}$//p' "$EXPECTED"
		for unit in wire/*.[ch] $RESOLVER; do
			[ "$unit" != $LAWS ] && [ -z "$(functions_of "$unit")" ] ||
				echo "$unit"
		done
	} | awk '!seen[$0]++'
}

# What the provers do not find by themselves: to look at each row of the table
# of types.
script_of_rows() {
	local i last proved='[ { "prover": "qed", "verdict": "valid" } ]'
	last=$(($(grep -c '^ROW(' wire/rrtypes.def) - 1))
	cat <<_END
[ { "header": "Range", "tactic": "Wp.range",
    "params": { "inf": 0, "sup": $last },
    "select": { "select": "inside-goal", "occur": 0, "target": "i_0",
                "pattern": "\$i" },
    "children": { "Lower 0": $proved,
_END
	for ((i = 0; i <= last; i++)); do
		echo "      \"Value $i\": $proved,"
	done
	echo "      \"Upper $last\": $proved } } ]"
}

# --- one file ---

# The functions that a file defines, as WP calls them.
functions_of() {
	awk '/^[A-Za-z].*\(/ { head = $0 }
		/^\{$/ && head != "" {
			name = head
			sub(/\(.*/, "", name)
			sub(/.*[ *]/, "", name)
			if (head ~ /^inline/)
				name = name "__fc_inline"
			print name
		}
		/^[{}]|;$/ { head = "" }' "$1"
}

# The tables of a file: WP would take it that no pointer leads to them.
tables_of() {
	awk '/^[A-Za-z].*\(/ { within = $0 }
		/^}/ { within = "" }
		/const [a-z].*\[.*=/ {
			sub(/\[.*/, "")
			sub(/.*[ *]/, "")
			sub(/\(.*/, "_", within)
			sub(/.*[ *]/, "", within)
			print within $0
		}' "$1" | paste -sd ,
}

# frama_c unit options...: on that file.
frama_c() {
	local source=$1 define=
	case $1 in
	*.h)
		source=$scratch/${1//\//_}.c
		echo "#include \"$1\"" >"$source"
		# Of what stands in the table of types.
		[ "$1" != wire/rdata.h ] ||
			echo '#include "wire/rrtypes.c"' >>"$source"
		;;
	esac
	case $1 in
	"$LAWS") define="-DTW_PROVE_LAWS -DTW_PROVE_SHIFTS" ;;
	wire/cursor.h | wire/wire.h) define=-DTW_PROVE_SHIFTS ;;
	esac
	shift
	nice -n 10 frama-c -c11 -machdep gcc_x86_64 -cpp-extra-args="-std=c11 \
		-I$top -I$scratch/include -include wire/wire.h $define" \
		"$source" "$@" 2>&1
}

# run_wp unit functions: what it says. CVC4 finds nearly all, mostly at once;
# both provers together are for what it leaves.
run_wp() {
	local tables pruning=
	tables=$(tables_of "$1")
	# So many ways lead through its functions that Frama-C would mostly look
	# for those that cannot be taken.
	[ "$1" != wire/compress.c ] || pruning=no-
	if [ "$1" = $LAWS ]; then
		set -- "$1" -wp-prop @lemma -wp-prover script,z3,cvc4
	elif [ -n "$smoke" ]; then
		set -- "$1" -wp-fct "$2" -wp-prop="$NO_GOALS" \
			-wp-smoke-tests -wp-smoke-timeout 1 -wp-prover z3,cvc4
	else
		set -- "$1" -wp-fct "$2" -wp-prover script,cvc4 \
			-wp-timeout 3 -wp-${pruning}pruning -then -wp \
			-wp-fct "$2" -wp-pruning -wp-no-status-all \
			-wp-prover script,z3,cvc4 \
			-wp-timeout "${PROVE_TIMEOUT:-20}"
	fi
	# shellcheck disable=SC2086 # a list of words
	frama_c "$1" $CHECKS ${tables:+-wp-alias-vars $tables} \
		-wp-session "$scratch/session" -wp-cache none -wp-par 2 \
		-wp -wp-status-all "${@:2}"
}

# prove unit: its table and, if it fails, why, as files of scratch. What was not
# proved is tried again: the provers' time is limited, and not theirs alone.
prove() {
	local unit=$1 out=$scratch/${1//\//_} names
	names=$(functions_of "$unit")
	take_down "$unit" >"$out.parsed"
	for _ in 1 2; do
		run_wp "$unit" "$(paste -sd , <<<"$names")" >"$out.log"
		table "$unit" "$names" <"$out.log" | in_order >"$out.table"
		find_faults "$unit" "$names" "$out" >"$out.faults"
		grep -q '^not proved' "$out.faults" || break
	done
}

# Lines "unit function goals proved seconds", for each function in turn. The
# longest name that begins a goal's is the function it is of.
table() {
	awk -v unit="$1" -v names="$2" '
		BEGIN {
			gsub(/__fc_inline/, "", names)
			count = split(names, name, "\n")
		}
		/\] Goal typed_/ {
			goal = $0
			sub(/.*Goal typed_/, "", goal)
			sub(/ .*/, "", goal)
			best = ""
			gsub(/_+fc_inline/, "", goal)
			for (i = 1; i <= count; i++)
				if (index(goal, name[i] "_") == 1 &&
					length(name[i]) > length(best))
					best = name[i]
			if (best == "" && sub(/^lemma_/, "", goal)) {
				best = goal
				if (!(best in goals))
					name[++count] = best
			}
			goals[best] += !seen[goal]++
			if (/ : Valid/)
				proved[best] += !valid[goal]++
			seconds[best] += seconds_in($0)
		}
		END {
			for (i = 1; i <= count; i++) {
				printf "%s %s %d %d %.1f\n", unit, name[i],
					goals[name[i]], proved[name[i]],
					seconds[name[i]]
			}
			if ("" in goals)
				printf "%s ? %d 0 0\n", unit, goals[""]
		}
		function seconds_in(line, sum, part) {
			while (match(line, /[0-9.]+m?s\)/)) {
				part = substr(line, RSTART, RLENGTH - 1)
				sum += part ~ /ms/ ? part / 1000 : part
				line = substr(line, RSTART + RLENGTH)
			}
			return sum + 0
		}'
}

# Lemmas by their names: the provers have them in any order.
in_order() {
	if [ "$unit" = $LAWS ]; then
		sort
	else
		cat
	fi
}

# What is not as it should be, a line each.
find_faults() {
	local unit=$1 names=$2 out=$3 name
	awk '/\] Goal typed_/ { proved[$4] += / : Valid/ }
		END {
			for (goal in proved)
				if (!proved[goal])
					print "not proved: " \
						substr(goal, 7)
		}' "$out.log"
	# Of a loop or a call, that it ends is asked anyway; of what CVC4 has
	# left, there may be nothing.
	awk '/Warning: No goal generated/ { next }
		/Warning:|User Error/ { getline next_line
			if (next_line !~ /Missing terminates clause/)
				print $0 next_line }
		/Memory model hypotheses/' "$out.log"
	[ "$unit" = $LAWS ] || for name in $names; do
		grep -q "Goal typed_${name/__/_}_assigns" "$out.log" ||
			echo "no contract: ${name%__fc_inline}"
	done
	awk '{ goals += $3; proved += $4 }
		END { if (!NR || goals != proved) print "goals are lost" }
		' "$out.table"
	grep -q '^\[wp\] Proved goals:' "$out.log" || echo "no result"
	[ -n "$write" ] || expected_of "$unit" | cmp -s - \
		<(cut -d ' ' -f 1-3 "$out.table") ||
		echo "goals are not as $EXPECTED has them"
}

expected_of() {
	grep "^$1 .* " "$EXPECTED"
}

# --- what was proved before ---

# All that the proof of a file hangs on: what it is asked for, and the file as
# Frama-C reads it, with what it uses of its headers and without comments.
take_down() {
	frama-c -version
	echo "$CHECKS" "$(tables_of "$1")"
	script_of_rows
	cat tests/prove/script/*
	frama_c "$1" -verbose 0 -remove-unused-specified-functions -print
}

# hash_of unit: of that, and of what came of it.
hash_of() {
	cut -d ' ' -f 1-3 "$scratch/${1//\//_}.table" |
		cat "$scratch/${1//\//_}.parsed" - | sha256sum | cut -c 1-40
}

# Whether the list has that of it.
is_listed() {
	grep -qx "$1 $(hash_of "$1")" "$EXPECTED"
}

# If it is as it was when it was proved, its table.
is_as_proved() {
	local out=$scratch/${1//\//_}
	expected_of "$1" | sed 's/ [0-9]*$/&& before/' >"$out.table"
	take_down "$1" >"$out.parsed"
	is_listed "$1"
}

# --- all ---

# each command unit...: two at a time, as most of it is Frama-C's own work; with
# --changed, those alone that have.
each() {
	local command=$1 unit
	shift
	for unit; do
		[ -z "$changed" ] || ! is_as_proved "$unit" || continue
		while [ "$(jobs -rp | wc -l)" -ge 2 ]; do
			wait -n
		done
		"$command" "$unit" &
	done
	wait
}

report() {
	local unit tables=() faults
	for unit; do
		tables+=("$scratch/${unit//\//_}.table")
	done
	awk '{
			if ($1 != unit)
				print "\n" (unit = $1)
			printf "    %-28s %5d %5d %8s\n", $2, $3, $4,
				$5 == "before" ? $5 : $5 " s"
		}' "${tables[@]}"
	echo
	for unit; do
		if [ -s "$scratch/${unit//\//_}.faults" ]; then
			sed "s|^|$unit: |" "$scratch/${unit//\//_}.faults"
			faults=yes
		elif [ -n "$write" ]; then
			write_expected "$unit"
		elif ! is_listed "$unit"; then
			echo "$unit: has changed, and is proved: --write is due"
		fi
	done
	awk '{ goals += $3; proved += $4 }
		END { printf "\nProved goals: %d / %d\n", proved, goals }
		' "${tables[@]}"
	[ -z "${faults:-}" ]
}

write_expected() {
	grep -q "^$1 " "$EXPECTED" || echo "$1 " >>"$EXPECTED"
	awk -v unit="$1" -v hash="$(hash_of "$1")" \
		-v table="$scratch/${1//\//_}.table" '
		$1 != unit { print }
		$1 == unit && !done++ {
			print unit, hash
			while ((getline line <table) > 0) {
				split(line, part)
				print part[1], part[2], part[3]
			}
		}' "$EXPECTED" >"$scratch/expected"
	cp "$scratch/expected" "$EXPECTED"
}

# --- smoke tests ---

# A line "unit tests passed", and a line for each that was not. The laws have no
# code that could be come to.
smoke() {
	local out=$scratch/${1//\//_}
	[ "$1" != $LAWS ] || return 0
	run_wp "$1" "$(functions_of "$1" | paste -sd ,)" >"$out.log"
	awk -v unit="$1" '
		/\] Smoke-test typed_/ && !seen[$4]++ {
			tests++
			if ($2 == "[Passed]")
				passed++
			else
				print unit ": never reached: " $4
		}
		END { print unit, tests + 0, passed + 0 }' "$out.log" \
		>"$out.smoke"
}

report_smoke() {
	find "$scratch" -name '*.smoke' -exec cat {} + | sort | awk '
		{ print }
		$1 !~ /:$/ { tests += $2; passed += $3; none += $2 == 0 }
		END {
			printf "\nSmoke tests: %d / %d\n", passed, tests
			exit none || passed != tests
		}'
}

# prove_function name unit...: in these, or wherever it is.
prove_function() {
	local name=$1 unit
	shift
	# shellcheck disable=SC2086 # a list of words
	[ $# -gt 0 ] || set -- wire/*.[ch] $RESOLVER
	for unit; do
		functions_of "$unit" | sed 's/__fc_inline$//' |
			grep -qx "$name" || continue
		run_wp "$unit" "$(functions_of "$unit" |
			grep -x "$name\(__fc_inline\)*")"
		exit
	done
	die "no function $name"
}

main "$@"
