#!/bin/bash
# SPDX-License-Identifier: MIT
# JSON of every fixture and of the messages of bench/corpus.hex, as others read
# it: jq and Python, both strictly.
set -u
. "$(dirname "$0")/check.sh"
trowel=$TOP_BUILDDIR/cli/trowel
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP

# decode option: all messages after each other, whatever can be read of them.
decode() {
	local file
	for file in "$TOP_SRCDIR"/fixtures/messages/*.hex; do
		"$trowel" --decode "$1" "$file" 2>/dev/null
	done
	while read -r line; do
		"$trowel" --decode "$1" 2>/dev/null <<<"$line"
	done < <(grep -v '^#' "$TOP_SRCDIR/bench/corpus.hex")
}

count=$(($(find "$TOP_SRCDIR/fixtures/messages" -name '*.hex' | wc -l) + \
	$(grep -vc '^#' "$TOP_SRCDIR/bench/corpus.hex")))
decode +json >"$scratch/json"
decode +jsonl >"$scratch/jsonl"
decode +json=rfc8427 >"$scratch/rfc8427"

lines=$(wc -l <"$scratch/jsonl")
[ "$lines" -eq "$count" ] && lines=
check "$count messages are as many lines of JSON" "$lines"
check "JSON is printable ASCII" \
	"$(LC_ALL=C grep -n '[^ -~]' "$scratch/json" "$scratch/rfc8427")"

if command -v jq >/dev/null; then
	for form in json jsonl rfc8427; do
		got=$(jq -s length "$scratch/$form" 2>&1)
		[ "$got" = "$count" ] && got=
		check "jq reads $count messages, $form" "$got"
	done
	got=$(jq -c '[.answer[]?.rdata.exchange // empty]' \
		<("$trowel" --decode +json \
			"$TOP_SRCDIR/fixtures/messages/mx.hex") 2>&1)
	[[ $got =~ ^\[\"[a-z0-9.]+\" ]] && got=
	check "fields are found by their names" "$got"
else
	skip "there is no jq"
fi

if command -v python3 >/dev/null; then
	check "Python reads them, no key stands twice, both forms are the same" "$(
		python3 - "$scratch" 2>&1 <<'_END'
import json, sys

def check(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        print("twice:", keys)
    return dict(pairs)

def read(form):
    text, at, values = open(sys.argv[1] + "/" + form).read(), 0, []
    decoder = json.JSONDecoder(object_pairs_hook=check, strict=True)
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        values.append(value)
        at += 1  # the line's end
    return values

# RFC 8427 2.1 to 2.3 and 2.5
MEMBERS = set("""ID QR Opcode AA TC RD RA AD CD RCODE QDCOUNT ANCOUNT NSCOUNT
    ARCOUNT QNAME QTYPE QTYPEname QCLASS QCLASSname answerRRs authorityRRs
    additionalRRs dateString comment""".split())
OF_RECORDS = set("""NAME TYPE TYPEname CLASS CLASSname TTL RDLENGTH
    RDATAHEX""".split())
OF_RDATA = set("""A AAAA CNAME DNAME NS PTR TXT CDNSKEY CDS CSYNC DNSKEY HIP
    IPSECKEY KEY MX NSEC NSEC3 NSEC3PARAM OPENPGPKEY RRSIG SMIMEA SPF SRV SSHFP
    TLSA""".split())

def check_members(message):
    if set(message) - MEMBERS:
        print("not of RFC 8427:", set(message) - MEMBERS)
    for section in "answerRRs", "authorityRRs", "additionalRRs":
        for record in message.get(section, []):
            mnemonic = record["TYPEname"]
            wanted = {"rdata" + mnemonic} if mnemonic in OF_RDATA else set()
            if set(record) != OF_RECORDS | wanted:
                print("record not of RFC 8427:", record)
            if len(record["RDATAHEX"]) != 2 * record["RDLENGTH"]:
                print("RDATAHEX has another length:", record)

pretty, lines, rfc8427 = read("json"), read("jsonl"), read("rfc8427")
if pretty != lines:
    print("+json and +jsonl differ")
for message in rfc8427:
    check_members(message)
for ours, theirs in zip(lines, rfc8427):
    if "id" not in ours:
        continue
    if ours["id"] != theirs["ID"] or len(ours["answer"]) != len(
            theirs.get("answerRRs", [])):
        print("RFC 8427 differs:", ours["id"])
    for record in ours["answer"]:
        if record["text"] and not isinstance(record["rdata"], dict):
            print("no fields:", record)
_END
	)"
else
	skip "there is no Python"
fi
report
