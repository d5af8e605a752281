#!/bin/bash
# SPDX-License-Identifier: MIT
# The completions are those of the table of options, name every option, and load
# in their shells.
set -u
. "$(dirname "$0")/check.sh"
generate=$TOP_BUILDDIR/completions/generate
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP

file_of() {
	case $1 in
	bash) echo "$TOP_SRCDIR/completions/bash/trowel" ;;
	zsh) echo "$TOP_SRCDIR/completions/zsh/_trowel" ;;
	fish) echo "$TOP_SRCDIR/completions/fish/trowel.fish" ;;
	esac
}

# unnamed file shell: options that do not stand there.
unnamed() {
	local word
	while read -r word; do
		case $2$word in
		fish--*) word="-l ${word#--}" ;;
		fish-*) word="-s ${word#-}" ;;
		esac
		grep -q -F -e "$word" "$1" || echo "$word"
	done <"$scratch/options"
}

"$generate" options >"$scratch/options"
for shell in bash zsh fish; do
	"$generate" $shell >"$scratch/$shell" 2>&1
	check "the completions for $shell are those of the table" "$(
		cmp "$(file_of $shell)" "$scratch/$shell" 2>&1 ||
			echo "make completions, and commit them")"
	check "they name every option" "$(unnamed "$scratch/$shell" $shell)"
done
check "types are among them" "$(
	for shell in bash zsh fish; do
		grep -q ' AAAA .* HTTPS ' "$scratch/$shell" || echo $shell
	done)"

# bash: what it completes, as when <TAB> is pressed.
completed() {
	bash --norc -c '
		compopt() { :; }
		. "$1"
		shift
		COMP_WORDS=(trowel "$@") COMP_CWORD=$#
		_trowel
		echo "${COMPREPLY[*]}"' bash "$(file_of bash)" "$@" 2>&1
}

# expect "why" "wanted" words...
expect() {
	local got
	got=$(completed "${@:3}")
	[ "$got" = "$2" ] && got= || got="${*:3}: $got"
	check "$1" "$got"
}

check "bash reads them" "$(bash -n "$(file_of bash)" 2>&1)"
got=$(bash --norc -c '. "$1" && complete -p trowel' bash "$(file_of bash)" 2>&1)
[ "$got" = "complete -F _trowel trowel" ] && got=
check "and completes trowel by them" "$got"
expect "an option" "+explain" example.com +expl
expect "in capitals" "+multiline" +MULTI
expect "its opposite" "+noexplain" +noexpl
expect "one with a value" "+padding=" +padd
expect "a type" "AAAA" example.com aaa
expect "a type behind -t" "MX" -t mx
expect "a class" "CH" -c ch
expect "a letter's long name" "--decode" --dec

if command -v zsh >/dev/null; then
	check "zsh reads them" "$(zsh -n "$(file_of zsh)" 2>&1)"
	# shellcheck disable=SC2016 # is for zsh
	got=$(cd "$scratch" && HOME=$scratch zsh -f -c '
		fpath=("$1" $fpath)
		autoload -Uz compinit && compinit -u -D &&
			echo ${_comps[trowel]}' zsh \
		"$TOP_SRCDIR/completions/zsh" 2>&1)
	[ "$got" = _trowel ] && got=
	check "and completes trowel by them" "$got"
else
	skip "there is no zsh"
fi
if command -v fish >/dev/null; then
	got=$(cd "$scratch" && HOME=$scratch XDG_CONFIG_HOME=$scratch fish --no-config -c "
		source $(file_of fish)
		complete -C 'trowel example.com +expl'
		complete -C 'trowel --dec'" 2>&1 | cut -f 1 | paste -s -d ' ')
	[ "$got" = "+explain --decode" ] && got=
	check "fish reads them and completes by them" "$got"
else
	skip "there is no fish"
fi
report
