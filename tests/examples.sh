#!/bin/bash
# SPDX-License-Identifier: MIT
# Every program of examples/ that tests/installed.sh does not run, every one of
# the manuals, and every command line of trowel(1) and the README: built as its
# reader would build it, and run beside the dnsmasq of fixtures/.
set -u -o pipefail
case ${TROWEL_TEST_PORT:-} in
'')
	exec bash "$(dirname "$0")/../fixtures/with-dnsmasq.sh" bash "$0" "$@"
	;;
esac
. "$(dirname "$0")/check.sh"
CC=${CC:-cc}
CXX=${CXX:-$(sed 's/clang\>/clang++/; s/gcc\>/g++/; s/^cc\>/c++/' <<<"$CC")}
CXX=$(sed 's/ -std=[^ ]*//' <<<"$CXX")
flags="-Wall -Wextra -Werror -D_DEFAULT_SOURCE"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
export LD_LIBRARY_PATH=$TOP_BUILDDIR/.libs
cd "$scratch" || exit 1
printf 'nameserver %s\n' 127.0.0.1:1 "127.0.0.1:$TROWEL_TEST_PORT" >two.conf
printf 'nameserver %s\n' "127.0.0.1:$TROWEL_TEST_PORT" >resolv.conf

# build compiler source [flag...]: a program, named as the file.
build() {
	local compiler=$1 source=$2 program
	shift 2
	program=${source##*/}
	# shellcheck disable=SC2086 # these are lists of words
	$compiler ${CFLAGS:-} $flags -isystem "$TOP_BUILDDIR/include" \
		-o "${program%.*}" "$source" ${LDFLAGS:-} \
		-L"$TOP_BUILDDIR/.libs" -ltrowel "$@" 2>&1
}

# compiles source [flag...]: nothing, where it does.
compiles() {
	# shellcheck disable=SC2086 # these are lists of words
	$CC ${CFLAGS:-} $flags -I"$TOP_BUILDDIR/include" -fsyntax-only "$@" 2>&1
}

# prints "a sentence" "what is expected" command...: its output and status.
prints() {
	local why=$1 expected=$2
	shift 2
	check "$why" "$(diff <(echo "$expected") <("$@" 2>&1; echo "status $?"))"
}

# What two loops print of many lookups, in any order.
in_order() {
	timeout 60 "$@" | LC_ALL=C sort
}

several="alias4.trowel.test 192.0.2.4
bad..name: empty label
missing.trowel.test: no such name (NXDOMAIN)
www.trowel.test 192.0.2.10
www.trowel.test 2001:db8::10
status 0"
for loop in libuv:libuv libevent:libevent_core; do
	example=${loop%:*} package=${loop#*:}
	if ! pkg-config --exists "$package" 2>/dev/null; then
		skip "no $package here"
		continue
	fi
	# shellcheck disable=SC2046 # a list of words
	check "$example.c is built" "$(build "$CC" \
		"$TOP_SRCDIR/examples/$example.c" \
		$(pkg-config --cflags --libs "$package"))"
	if ! grep -qE '^#define HAVE_(EPOLL|KQUEUE) ' "$TOP_BUILDDIR/config.h"; then
		skip "no descriptor for all lookups here, which $example waits for"
		continue
	fi
	prints "$example looks up several hosts at once" "$several" \
		in_order "./$example" two.conf www.trowel.test \
		missing.trowel.test bad..name alias4.trowel.test
done

if command -v "${CXX%% *}" >/dev/null; then
	check "the headers are C++, without a warning" "$(
		printf '#include <trowel/%s.h>\n' engine resolver |
		$CXX -std=c++11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
			-Werror -I"$TOP_BUILDDIR/include" -fsyntax-only \
			-x c++ - 2>&1)"
	check "lookup.cc is built" "$(
		CFLAGS=$(sed 's/-std=[^ ]*//' <<<"${CFLAGS:-}")
		build "$CXX" "$TOP_SRCDIR/examples/lookup.cc" -std=c++11)"
	prints "lookup.cc prints the addresses of a host" "192.0.2.10
2001:db8::10
status 0" in_order ./lookup alias.trowel.test resolv.conf
	prints "lookup.cc throws what fails" "no such name (NXDOMAIN)
status 1" ./lookup missing.trowel.test resolv.conf
	check "its class has under 60 lines" "$(
		awk '/^class/, /^};/' "$TOP_SRCDIR/examples/lookup.cc" |
		awk 'END { if (NR < 10 || NR >= 60) print NR, "lines" }')"
else
	skip "no C++ compiler here"
fi

for example in attempts srv https; do
	check "$example.c is built" "$(
		build "$CC" "$TOP_SRCDIR/examples/$example.c")"
done
without_times() {
	"$@" | sed "s/^[0-9.]* ms/T ms/; s/$TROWEL_TEST_PORT/PORT/"
}
prints "attempts prints each attempt" \
	"T ms  127.0.0.1 port 1  UDP  Connection refused
T ms  127.0.0.1 port PORT  UDP  truncated, asked again by TCP
T ms  127.0.0.1 port PORT  TCP  answered
NOERROR
status 0" without_times ./attempts big.trowel.test A two.conf
prints "srv connects where the second target says" \
	"127.0.0.1 port 1: Connection refused
127.0.0.1 port PORT: connected
status 0" without_times ./srv _here._tcp.trowel.test resolv.conf
prints "srv says that there is no such service" "no such name (NXDOMAIN)
status 1" ./srv _missing._tcp.trowel.test resolv.conf
prints "https prints the targets with their parameters" \
	'https.trowel.test. port 8443 alpn="h2,h3" port=8443 192.0.2.44
www.trowel.test. port 443 ADDRESS ADDRESS
status 0' bash -c './https https.trowel.test resolv.conf |
	sed "/^www/s/ 192.0.2.10\| 2001:db8::10/ ADDRESS/g"'
prints "https has the host itself where there are no records" \
	"ipv4.trowel.test. port 443 192.0.2.4
status 0" ./https ipv4.trowel.test resolv.conf

# --- the manuals ---

# take_out page: what stands behind its marks, as files: NAME.c is a program,
# NAME.same the file that it must equal, NAME.out what it prints. Statements are
# made a program by what they take for granted.
take_out() {
	awk -v page="$(basename "$1" .3)" '
	/^\.\\" program / {
		into = $3 ".c"
		if (NF == 5)
			print $5 >($3 ".same")
	}
	/^\.\\" statements/ {
		name = page "_" ++count
		into = name ".c"
		print "#include \"before.h\"" >into
	}
	/^\.\\" output of / { into = $4 ".out" }
	/^\.\\" output$/ { output = name ".out"; next }
	output && sub(/^\.\\" /, "") { print >output; next }
	{ output = "" }
	/^\.Bd/ { inside = 1; if (!into) print "no mark at line " NR; next }
	/^\.Ed/ {
		if (into == name ".c")
			print "#include \"after.h\"" >into
		inside = 0
		into = ""
	}
	inside && into { gsub(/\\e/, "\\"); print >into }' "$1"
}

cat >before.h <<'END'
#include <stdio.h>
#include <trowel/resolver.h>
int main(int argc, char **argv)
{
	struct trowel_options options;
	struct trowel *t = NULL;
	struct trowel_answer *answer = NULL;
	enum trowel_status status;
	trowel_options_init(&options);
	if (argc < 2 || trowel_options_load(&options, argv[1]) ||
		trowel_open(&t, &options))
		return 1;
	(void)answer;
END
printf '\ttrowel_close(t);\n\treturn status != TROWEL_OK;\n}\n' >after.h

# What a compiler sees of a program.
squeezed() {
	sed 's,/\*.*\*/,,' "$1" | tr -d ' \t\n'
}

mkdir manual && cd manual || exit 1
cp ../before.h ../after.h ../resolv.conf .
for page in trowel trowel_wire trowel_engine; do
	page=$TOP_SRCDIR/man/$page.3
	check "every example of ${page##*/} has its mark" "$(take_out "$page")"
	# Types of the prototypes, as the header has them.
	sed -n 's/^\.In \(.*\)/#include <\1>/p
		s/^\.Ft \(.*\)/\1/p
		s/^\.Fn \([a-z_]*\) *"\(.*\)"$/\1(\2);/p
		s/^\.Fo \([a-z_]*\)/\1(/p
		s/^\.Fa "\(.*\)"/\1,/p
		s/^\.Fc/);/p
		/^\.Sh DESCRIPTION/q' "$page" | sed 's/" "/, /g' |
		sed -z 's/,\n);/);/g' >prototypes.c
	check "the synopsis of ${page##*/} is that of the headers" "$(
		compiles prototypes.c)"
done
check "every constant of the headers is in a manual" "$(
	cd "$TOP_SRCDIR" || exit
	grep -ohE '\bTROWEL_[A-Z0-9_]+' {wire/wire,resolver/{engine,resolver}}.h |
		sort -u | grep -vE '_H$|_API$|_(FIRST_RECORDS|KNOWN_NAMES)$' |
		grep -vxF TROWEL_STATUS_COUNT |
		grep -vxF "$(grep -ohE '\bTROWEL_[A-Z0-9_]+' man/*.3)")"
for program in *.c; do
	program=${program%.c}
	[ "$program" != prototypes ] || continue
	check "$program of the manuals is built" "$(build "$CC" "$program.c")"
	[ ! -e "$program.same" ] || check "$program is that of examples/" "$(
		cmp <(squeezed "$program.c") \
			<(squeezed "$TOP_SRCDIR/$(cat "$program.same")"))"
	[ ! -e "$program.out" ] ||
		prints "$program prints what the manual says" \
			"$(cat "$program.out"; echo "status 0")" \
			"./$program" resolv.conf
done
for program in lookup poll_loop; do
	prints "$program of the manual finds a host" "192.0.2.80
2001:db8::80
status 0" in_order "./$program" www.example.com resolv.conf
done
# read_records fixture: gives its octets to the program.
read_records() {
	# shellcheck disable=SC2059 # escapes of octets
	printf "$(sed 's/#.*//' "$TOP_SRCDIR/fixtures/messages/$1.hex" |
		tr -d ' \t\n' | sed 's/../\\x&/g')" | ./records
}
prints "records prints those of a message" \
	"example.com. 300 MX 10 mail.example.com.
example.com. 300 MX 0 .
status 0" read_records mx
prints "records says where a message is malformed" \
	"malformed: MX exchange: runs past the end of its RDATA (byte 47)
status 1" read_records mx-no-exchange

# --- calls of other libraries ---

# take_rows: ours.c of all right sides in examples/MIGRATION.md, and NAME.c of
# each section's left ones, a function a row.
take_rows() {
	awk '
	/^```c/ { code = 1; next }
	/^```/ { code = 0 }
	/^## / { name = $2; names = names " " name }
	code { print >((name ? name : "ours") ".c") }
	/^\| `/ {
		if (split($0, side, /` \| `|^\| `|` \|$/) != 4)
			print "row of line " NR >"/dev/stderr"
		row = "void row_" NR "(void);\nvoid row_" NR "(void) {"
		print row "\n#line " NR "\n" side[2] " }" >(name ".c")
		print row "\n#line " NR "\n" side[3] " }" >"ours.c"
	}
	END { print names }' "$TOP_SRCDIR/examples/MIGRATION.md"
}

mkdir ../rows && cd ../rows || exit 1
libraries=$(take_rows)
check "five libraries are in the page on migration" "$(
	[ "$(wc -w <<<"$libraries")" -eq 5 ] || echo "$libraries")"
for library in ours $libraries; do
	grep '^#include' "$library.c" >probe.c
	if [ "$library" != ours ] && ! $CC -c probe.c 2>/dev/null; then
		skip "no headers of $library here"
		continue
	fi
	check "the rows of $library can be compiled" "$(compiles "$library.c" \
		-std=gnu11 -Wno-unused -Wno-deprecated-declarations)"
done

# --- command lines ---

# lines file: one command in each, with what it prints behind it, if that is
# told, each line of it behind a tab.
lines() {
	case $1 in
	*.1) sed -n 's/^\.Dl \$ //p' "$1" ;;
	*.md) awk '
		/^```$/ { language = ""; next }
		/^```/ { language = substr($0, 4); next }
		language == "sh" { sub(/ +# .*/, ""); print }
		language == "console" && sub(/^\$ /, "") { print; next }
		language == "console" { print "\t" $0 }' "$1" ;;
	esac
}

# What differs from run to run.
even_out() {
	sed -E 's/^(; <<>> trowel )[^ ]+/\1X/
		s/(, id: )[0-9]+$/\1N/
		s/^(;; Query time: )[0-9]+ /\1N /
		s/^(;; WHEN: ).*/\1DATE/'
}

# run_line command [what it prints]: in bash, as somebody types it.
run_line() {
	local command=$1 got
	case $command in
	./fixtures/* | ./tests/* | ./autogen.sh | ./configure | make*)
		return # .ci/run runs these
		;;
	*@mdns* | *" -k "* | *" -y "*)
		return # dnsmasq knows neither; others of these tests do
		;;
	*jq*) command -v jq >/dev/null || return ;;
	esac
	got=$(timeout 60 bash -c "set -o pipefail; $command" 2>&1) ||
		got="$got
status $?"
	if [ $# -gt 1 ]; then
		check "prints what is told: $command" \
			"$(diff <(even_out <<<"$2") <(even_out <<<"$got"))"
	else
		check "runs: $command" \
			"$(grep -B 100 '^status [0-9]*$' <<<"$got")"
	fi
}

# run_lines file
run_lines() {
	local line command='' printed=()
	while IFS= read -r line; do
		if [[ $line == $'\t'* ]]; then
			printed+=("${line#$'\t'}")
			continue
		fi
		[ -z "$command" ] || run_line "$command" \
			${printed[0]+"$(printf '%s\n' "${printed[@]}")"}
		command=$line printed=()
	done < <(lines "$1"; echo)
}

# wait_for_server port: prints that it does not come, if it does not.
wait_for_server() {
	local end=$((SECONDS + 10))
	until trowel -p "$1" www.example.com +time=1 +tries=1 >/dev/null 2>&1; do
		[ $SECONDS -le $end ] || { echo "it does not"; return; }
		sleep 0.02
	done
}

# A network of its own, in which there are the servers that they speak of.
run_all_lines() {
	local file port servers=()
	mount --bind local.conf /etc/resolv.conf && ip link set lo up &&
		ip address add 192.0.2.53/32 dev lo &&
		ip address add 192.0.2.54/32 dev lo || return
	for port in 53 5300; do
		sed "s/@PORT@/$port/" "$TOP_SRCDIR/fixtures/dnsmasq.conf" |
			PATH=$PATH:/usr/sbin dnsmasq --conf-file=- \
				--user=root --group= --port="$port" \
				--listen-address=127.0.0.1 \
				--listen-address=192.0.2.53 \
				--listen-address=192.0.2.54 >/dev/null 2>&1 &
		servers+=($!)
	done
	# shellcheck disable=SC2064 # those of now
	trap "kill ${servers[*]} 2>/dev/null" EXIT
	for port in 53 5300; do
		check "a server comes up at port $port" "$(wait_for_server $port)"
	done
	for file in README.md cli/trowel.1; do
		run_lines "$TOP_SRCDIR/$file"
	done
	echo "lines: $passed $failed"
}

mkdir ../lines && cd ../lines && mkdir bin || exit 1
ln -s "$TOP_SRCDIR/examples" .
ln -s "$TOP_BUILDDIR/cli/trowel" bin
export PATH=$PWD/bin:$PATH PKG_CONFIG_PATH=$PWD HOME=$PWD TZ=UTC
echo "nameserver 127.0.0.1" >local.conf
echo "www.example.com AAAA" >lookups
echo "www.example.com" >names
cp "$TOP_SRCDIR/fixtures/messages/a.hex" message.hex
cat >trowel.pc <<END
Name: trowel
Description: not installed
Version: 0
Cflags: -I$TOP_BUILDDIR/include
Libs: -L$TOP_BUILDDIR/.libs -ltrowel
END
compiler=${CC%% *}
cat >bin/cc <<END
#!/bin/sh
exec $(command -v "$compiler")${CC#"$compiler"} ${CFLAGS:-} "\$@" ${LDFLAGS:-}
END
# What is not there everywhere, or has no network to look at here.
cat >bin/tcpdump <<'END'
#!/bin/sh
echo '12:00:00.000000 IP 127.0.0.1.5353 > 127.0.0.1.53: 4660+ A? a. (19)
	0x0000:  4500 002f 0000 4000 4011 3cbc 7f00 0001
	0x0010:  7f00 0001 14e9 0035 001b 0000 1234 0100
	0x0020:  0001 0000 0000 0000 0161 0000 0100 01'
END
cat >bin/tsig-keygen <<'END'
#!/bin/sh
printf 'key "%s" {\n\talgorithm hmac-sha256;\n\tsecret "%s";\n};\n' \
	"$1" c2VjcmV0IG9mIDMyIG9jdGV0cyBmb3IgYSB0ZXN0IQ==
END
chmod +x bin/*
export TOP_SRCDIR TOP_BUILDDIR
export -f check even_out lines run_line run_lines run_all_lines wait_for_server
namespace=(unshare -mn)
[ "$(id -u)" -eq 0 ] || namespace=(unshare -rmn)
if ! "${namespace[@]}" ip link >/dev/null 2>&1; then
	skip "no network namespace is to be had here"
else
	log=$(passed=0 failed=0 "${namespace[@]}" bash -c run_all_lines 2>&1)
	echo "$log" | grep -v '^lines: '
	if [[ $log =~ lines:\ ([0-9]+)\ ([0-9]+)$ ]]; then
		passed=$((passed + BASH_REMATCH[1]))
		failed=$((failed + BASH_REMATCH[2]))
	else
		failed=$((failed + 1))
	fi
fi
check "the figures of the README are those of bench/README.md" "$(diff \
	<("$TOP_SRCDIR/bench/readme.sh" 2>&1) \
	<(sed '1,/^<!-- figures begin/d; /^<!-- figures end/,$d' \
		"$TOP_SRCDIR/README.md"))"
report
