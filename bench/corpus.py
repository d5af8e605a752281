#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes corpus.hex: 62 responses as servers send them, made up by us.

Names are compressed as servers do it: owners, and names in the RDATA of the
types of RFC 1035. Keys and signatures are octets out of SHA-256. Run it again
and the same file comes out: ./corpus.py >corpus.hex
"""
import hashlib
import ipaddress
import struct
import sys

TYPES = dict(A=1, NS=2, CNAME=5, SOA=6, PTR=12, MX=15, TXT=16, AAAA=28, SRV=33,
             NAPTR=35, OPT=41, DS=43, SSHFP=44, RRSIG=46, NSEC=47, DNSKEY=48,
             NSEC3=50, NSEC3PARAM=51, TLSA=52, SVCB=64, HTTPS=65, ANY=255,
             CAA=257)
COMPRESSED = ("NS", "CNAME", "PTR", "MX", "SOA")


def noise(seed, count):
    """Octets without a pattern, the same at every run."""
    octets = b""
    while len(octets) < count:
        octets += hashlib.sha256(f"{seed}/{len(octets)}".encode()).digest()
    return octets[:count]


def string(text):
    return bytes([len(text)]) + text.encode()


def wire(name):
    """A name without compression."""
    labels = [label for label in name.split(".") if label]
    return b"".join(string(label) for label in labels) + b"\0"


class Message:
    """A response in the making."""

    def __init__(self, name, rrtype, flags=0x8180):
        self.seen = {}
        self.flags = flags
        self.counts = [1, 0, 0, 0]
        self.octets = bytearray(12)
        self.put_name(name)
        self.octets += struct.pack(">HH", TYPES[rrtype], 1)

    def put_name(self, name):
        labels = [label for label in name.split(".") if label]
        while labels:
            rest = ".".join(labels).lower()
            if rest in self.seen:
                self.octets += struct.pack(">H", 0xC000 | self.seen[rest])
                return
            if len(self.octets) < 0x4000:
                self.seen[rest] = len(self.octets)
            self.octets += string(labels.pop(0))
        self.octets += b"\0"

    def record(self, section, owner, rrtype, parts, ttl=300, rrclass=1):
        """parts: octets, and (name,) where a name may be compressed."""
        self.counts[section] += 1
        self.put_name(owner)
        self.octets += struct.pack(">HHIH", TYPES[rrtype], rrclass, ttl, 0)
        start = len(self.octets)
        for part in parts:
            if isinstance(part, tuple) and rrtype in COMPRESSED:
                self.put_name(part[0])
            elif isinstance(part, tuple):
                self.octets += wire(part[0])
            else:
                self.octets += part
        struct.pack_into(">H", self.octets, start - 2, len(self.octets) - start)
        return self

    def an(self, owner, rrtype, *parts, ttl=300):
        return self.record(1, owner, rrtype, parts, ttl)

    def ns(self, owner, rrtype, *parts, ttl=86400):
        return self.record(2, owner, rrtype, parts, ttl)

    def ad(self, owner, rrtype, *parts, ttl=86400):
        return self.record(3, owner, rrtype, parts, ttl)

    def opt(self, size=1232, options=b"", do=False):
        return self.record(3, "", "OPT", [options], 0x8000 if do else 0, size)

    def finish(self):
        ident = struct.unpack(">H", noise(bytes(self.octets).hex(), 2))[0]
        struct.pack_into(">6H", self.octets, 0, ident, self.flags, *self.counts)
        return bytes(self.octets)


def v4(text):
    return ipaddress.IPv4Address(text).packed


def v6(text):
    return ipaddress.IPv6Address(text).packed


def address(rrtype, index):
    if rrtype == "A":
        return v4(f"192.0.2.{index + 1}")
    return v6(f"2001:db8:40:{index + 1:x}::{index * 7 + 16:x}")


def soa(mname, rname):
    return [(mname,), (rname,),
            struct.pack(">5I", 2026112101, 7200, 3600, 1209600, 900)]


def rrsig(covered, signer, labels=2, size=64):
    """ECDSA P-256 in 64 octets, RSA in 128 or 256."""
    algorithm = 13 if size == 64 else 8
    return [struct.pack(">HBBIIIH", TYPES[covered], algorithm, labels, 3600,
                        1797000000, 1794000000, 20326),
            (signer,), noise(f"{covered} {signer}", size)]


def bitmap(*names):
    octets = bytearray(32)
    for name in names:
        code = TYPES[name]
        octets[code // 8] |= 0x80 >> code % 8
    while not octets[-1]:
        octets.pop()
    return bytes([0, len(octets)]) + bytes(octets)


def nsec3(zone, index, *names):
    """Owner, then RDATA: no iterations, no salt, RFC 9276."""
    digits = "0123456789abcdefghijklmnopqrstuv"
    label = "".join(digits[octet % 32]
                    for octet in noise(f"{zone} {index}", 32))
    rdata = (bytes([1, 0]) + b"\0\0\0" + b"\x14" +
             noise(f"next {zone} {index}", 20) + bitmap(*names))
    return f"{label}.{zone}", rdata


def param(key, value):
    return struct.pack(">HH", key, len(value)) + value


def addresses(name, rrtype, count, opt=True):
    message = Message(name, rrtype)
    for index in range(count):
        message.an(name, rrtype, address(rrtype, index))
    return message.opt() if opt else message


CHAIN = ("www.shop.example", "www.shop.example.edgekey.example.net",
         "e4518.dscx.edge.example.net", "prod-eu.frontdoor.example.org",
         "star-azurefd-prod.traffic.example.org",
         "shed.dual-low.part-0017.t-0009.example.org",
         "part-0017.t-0009.t-msedge.example.net",
         "d3ag4hukkh62yn.cloudfront.example", "lb-7.fra50.cloudfront.example")


def chain(rrtype, aliases, count, opt=True):
    """A CDN's way from a name to addresses."""
    message = Message(CHAIN[0], rrtype)
    for index in range(aliases):
        message.an(CHAIN[index], "CNAME", (CHAIN[index + 1],),
                   ttl=20 + 40 * index)
    for index in range(count):
        message.an(CHAIN[aliases], rrtype, address(rrtype, index), ttl=20)
    return message.opt() if opt else message


def negative(name, rrtype, zone, rcode, opt=True):
    message = Message(name, rrtype, 0x8180 + rcode)
    message.ns(zone, "SOA", *soa(f"ns1.{zone}", f"hostmaster.{zone}"), ttl=900)
    return message.opt() if opt else message


def nsec3_negative(name, zone, rcode, count):
    message = Message(name, "A", 0x81A0 + rcode)
    message.ns(zone, "SOA", *soa(f"ns1.{zone}", f"dns.{zone}"), ttl=900)
    message.ns(zone, "RRSIG", *rrsig("SOA", zone), ttl=900)
    for index in range(count):
        owner, rdata = nsec3(zone, index, *(
            ("NS", "SOA", "MX", "TXT", "RRSIG", "DNSKEY", "NSEC3PARAM"),
            ("A", "RRSIG"), ("NS", "DS", "RRSIG"))[index])
        message.ns(owner, "NSEC3", rdata, ttl=900)
        message.ns(owner, "RRSIG", *rrsig("NSEC3", zone, 3), ttl=900)
    return message.opt(do=True)


def referral(name, zone, servers, signed):
    message = Message(name, "A", 0x8000)
    hosts = [f"{chr(97 + index)}.gtld-servers.example" for index in
             range(servers)]
    for host in hosts:
        message.ns(zone, "NS", (host,), ttl=172800)
    if signed:
        message.ns(zone, "DS", struct.pack(">HBB", 19718, 13, 2),
                   noise("DS", 32))
        message.ns(zone, "RRSIG", *rrsig("DS", "", 1, 256))
    for index, host in enumerate(hosts):
        message.ad(host, "A", address("A", index), ttl=172800)
        message.ad(host, "AAAA", address("AAAA", index), ttl=172800)
    return message.opt(do=signed)


def root_priming():
    message = Message("", "NS", 0x8480)
    hosts = [f"{letter}.root-servers.net" for letter in "abcdefghijklm"]
    for host in hosts:
        message.an("", "NS", (host,), ttl=518400)
    for index, host in enumerate(hosts):
        message.ad(host, "A", address("A", index), ttl=518400)
    for index, host in enumerate(hosts):
        message.ad(host, "AAAA", address("AAAA", index), ttl=518400)
    return message.opt()


def mail(zone, count, glue):
    message = Message(zone, "MX")
    hosts = [f"mx{index + 1}.{zone}" if glue else
             f"alt{index}.aspmx.l.mail.example" for index in range(count)]
    for index, host in enumerate(hosts):
        message.an(zone, "MX", struct.pack(">H", 10 * (index + 1)), (host,),
                   ttl=3600)
    for index, host in enumerate(hosts[:glue]):
        message.ad(host, "A", address("A", index), ttl=3600)
        message.ad(host, "AAAA", address("AAAA", index), ttl=3600)
    return message.opt()


def texts(name, *values):
    message = Message(name, "TXT")
    for value in values:
        parts = [string(value[at:at + 255])
                 for at in range(0, len(value), 255)]
        message.an(name, "TXT", *parts, ttl=3600)
    return message.opt()


VERIFICATIONS = (
    "v=spf1 include:_spf.mail.example ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all",
    "google-site-verification=DgD8WJZ3cMLYBCR9kE4a8vS-0uP1rXiZQk2Dw5s7T2w",
    "MS=ms71454350",
    "docusign=05958488-4752-4ef2-95eb-aa7ba8a3bd0e",
    "facebook-domain-verification=22rm551cu4k0ab0bxsw536tlds4h95",
    "apple-domain-verification=30afIBcvSuDV2PLX")


def dkim(length):
    digits = noise("dkim", length).hex()[:length]
    return texts("s2048._domainkey.example.org", "v=DKIM1; k=rsa; p=" + digits)


def service(name, count, glue):
    message = Message(name, "SRV")
    hosts = [f"sip{index + 1}.voip.example.org" for index in range(count)]
    for index, host in enumerate(hosts):
        message.an(name, "SRV", struct.pack(">HHH", 10 * index, 60, 5060),
                   (host,), ttl=3600)
    for index, host in enumerate(hosts[:glue]):
        message.ad(host, "A", address("A", index))
        message.ad(host, "AAAA", address("AAAA", index))
    return message.opt()


def caa():
    message = Message("example.org", "CAA")
    for tag, value in (("issue", "letsencrypt.org"), ("issuewild", ";"),
                       ("iodef", "mailto:security@example.org")):
        message.an("example.org", "CAA", b"\0" + string(tag) + value.encode())
    return message.opt()


def naptr():
    name = "4.3.2.1.5.5.5.0.0.8.1.e164.example"
    message = Message(name, "NAPTR")
    for index, (service_name, scheme) in enumerate(
            (("E2U+sip", "sip"), ("E2U+email", "mailto"), ("E2U+web:http",
                                                           "http"))):
        message.an(name, "NAPTR", struct.pack(">HH", 100, 10 + index) +
                   string("u") + string(service_name) +
                   string(f"!^.*$!{scheme}:info@example.com!"), ("",))
    return message.opt()


def tlsa():
    name = "_25._tcp.mail.example.org"
    message = Message(name, "TLSA", 0x81A0)
    for index in range(2):
        message.an(name, "TLSA", bytes([3, 1, 1]), noise(f"TLSA {index}", 32))
    message.an(name, "RRSIG", *rrsig("TLSA", "example.org", 5))
    return message.opt(do=True)


def https(name, hints):
    message = Message(name, "HTTPS")
    parts = param(1, string("h3") + string("h2"))
    if hints:
        parts += param(4, address("A", 0) + address("A", 1))
        parts += param(5, noise("ECH", 71))
        parts += param(6, address("AAAA", 0) + address("AAAA", 1))
    message.an(name, "HTTPS", struct.pack(">H", 1), ("",), parts)
    return message.opt()


def svcb():
    message = Message("_dns.resolver.arpa", "SVCB")
    for index, protocol in enumerate(("dot", "h2")):
        message.an("_dns.resolver.arpa", "SVCB", struct.pack(">H", index + 1),
                   ("one.dns.example",), param(1, string(protocol)),
                   param(3, struct.pack(">H", 853 if index == 0 else 443)),
                   param(4, address("A", 0)), param(6, address("AAAA", 0)))
    return message.opt()


def dnskey(zone, size):
    message = Message(zone, "DNSKEY", 0x81A0)
    algorithm = 13 if size == 64 else 8
    for index, flags in enumerate((256, 257) if size == 64 else
                                  (256, 256, 257)):
        message.an(zone, "DNSKEY", struct.pack(">HBB", flags, 3, algorithm),
                   noise(f"key {zone} {index}", size + (4 if size > 64 else 0)),
                   ttl=3600)
    message.an(zone, "RRSIG", *rrsig("DNSKEY", zone, 2, size), ttl=3600)
    return message.opt(do=True)


def signed(name, zone, rrtype, count):
    message = Message(name, rrtype, 0x81A0)
    for index in range(count):
        message.an(name, rrtype, address(rrtype, index))
    message.an(name, "RRSIG", *rrsig(rrtype, zone, 3))
    return message.opt(do=True)


def nsec_nodata():
    message = Message("www.example.se", "AAAA", 0x81A0)
    message.ns("example.se", "SOA", *soa("ns1.example.se", "dns.example.se"))
    message.ns("example.se", "RRSIG", *rrsig("SOA", "example.se"))
    message.ns("www.example.se", "NSEC", wire("xmpp.example.se"),
               bitmap("A", "RRSIG", "NSEC"))
    message.ns("www.example.se", "RRSIG", *rrsig("NSEC", "example.se", 3))
    return message.opt(do=True)


def delegation_ds():
    message = Message("example.org", "DS", 0x81A0)
    for index in range(2):
        message.an("example.org", "DS",
                   struct.pack(">HBB", 31589, 8, index + 1),
                   noise(f"DS {index}", 20 if index == 0 else 32))
    message.an("example.org", "RRSIG", *rrsig("DS", "org", 2, 128))
    return message.opt(do=True)


def name_servers(zone, count):
    message = Message(zone, "NS")
    for index in range(count):
        message.an(zone, "NS", (f"ns{index + 1}.{zone}",), ttl=86400)
    for index in range(count):
        message.ad(f"ns{index + 1}.{zone}", "A", address("A", index))
        message.ad(f"ns{index + 1}.{zone}", "AAAA", address("AAAA", index))
    return message.opt()


def old_style(name, zone):
    """An answer with all of authority and additional, as BIND 9.8 had it."""
    message = Message(name, "A", 0x8580)
    message.an(name, "A", address("A", 0))
    for index in range(4):
        message.ns(zone, "NS", (f"ns{index + 1}.{zone}",))
    for index in range(4):
        message.ad(f"ns{index + 1}.{zone}", "A", address("A", index))
    for index in range(4):
        message.ad(f"ns{index + 1}.{zone}", "AAAA", address("AAAA", index))
    return message.opt()


def longest_name():
    name = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])
    return addresses(name, "A", 1)


def large_any():
    """Everything that a signed zone has at its apex."""
    zone = "any.example.com"
    message = Message(zone, "ANY", 0x81A0)
    sets = []
    for index in range(2):
        sets.append(("A", [address("A", index)]))
        sets.append(("AAAA", [address("AAAA", index)]))
    sets.append(("SOA", soa(f"ns1.{zone}", f"hostmaster.{zone}")))
    for index in range(4):
        sets.append(("NS", [(f"ns{index + 1}.{zone}",)]))
    for index in range(5):
        sets.append(("MX", [struct.pack(">H", 10 * index),
                            (f"mx{index + 1}.{zone}",)]))
    for value in VERIFICATIONS:
        sets.append(("TXT", [string(value)]))
    sets.append(("CAA", [b"\0" + string("issue") + b"letsencrypt.org"]))
    sets.append(("DNSKEY", [struct.pack(">HBB", 256, 3, 8), noise("zsk", 132)]))
    sets.append(("DNSKEY", [struct.pack(">HBB", 257, 3, 8), noise("ksk", 260)]))
    sets.append(("HTTPS", [struct.pack(">H", 1), ("",),
                           param(1, string("h3") + string("h2")),
                           param(4, b"".join(address("A", index) for index in
                                             range(4)))]))
    sets.append(("NSEC3PARAM", [b"\1\0\0\0\0"]))
    for covered in ("A", "AAAA", "SOA", "NS", "MX", "TXT", "CAA"):
        sets.append(("RRSIG", rrsig(covered, zone, 3, 128)))
    sets.append(("RRSIG", rrsig("DNSKEY", zone, 3, 256)))
    for rrtype, parts in sets:
        message.an(zone, rrtype, *parts, ttl=3600)
    return message.opt(do=True)


def one(name, rrtype, *parts, opt=True, flags=0x8180):
    message = Message(name, rrtype, flags).an(name, rrtype, *parts, ttl=3600)
    return message.opt() if opt else message


REVERSE = ".".join(reversed("20010db8000000000000000000000010")) + ".ip6.arpa"

CORPUS = (
    # The addresses of a name: workload (b)
    ("A, 1 record", addresses("www.example.com", "A", 1)),
    ("A, 1 record, no OPT", addresses("example.org", "A", 1, opt=False)),
    ("A, 1 record, letters of either case (0x20)",
     addresses("wWw.eXAmPLe.NeT", "A", 1)),
    ("A, 2 records", addresses("mail.example.com", "A", 2)),
    ("A, 4 records", addresses("www.example.org", "A", 4)),
    ("A, 6 records", addresses("time.example.net", "A", 6)),
    ("A, 8 records", addresses("pool.ntp.example", "A", 8)),
    ("A, 13 records", addresses("many.example.com", "A", 13)),
    ("AAAA, 1 record", addresses("www.example.com", "AAAA", 1)),
    ("AAAA, 1 record, no OPT", addresses("example.org", "AAAA", 1, opt=False)),
    ("AAAA, 2 records", addresses("mail.example.com", "AAAA", 2)),
    ("AAAA, 4 records", addresses("www.example.org", "AAAA", 4)),
    ("AAAA, 13 records", addresses("many.example.com", "AAAA", 13)),
    ("CNAME x1, A x1", chain("A", 1, 1)),
    ("CNAME x1, A x4, no OPT", chain("A", 1, 4, opt=False)),
    ("CNAME x2, A x2", chain("A", 2, 2)),
    ("CNAME x3, A x1", chain("A", 3, 1)),
    ("CNAME x3, A x8", chain("A", 3, 8)),
    ("CNAME x4, A x4", chain("A", 4, 4)),
    ("CNAME x5, A x2", chain("A", 5, 2)),
    ("CNAME x6, A x1, no OPT", chain("A", 6, 1, opt=False)),
    ("CNAME x8, A x4", chain("A", 8, 4)),
    ("CNAME x1, AAAA x1", chain("AAAA", 1, 1)),
    ("CNAME x1, AAAA x2, no OPT", chain("AAAA", 1, 2, opt=False)),
    ("CNAME x2, AAAA x4", chain("AAAA", 2, 4)),
    ("CNAME x3, AAAA x2", chain("AAAA", 3, 2)),
    ("CNAME x4, AAAA x1", chain("AAAA", 4, 1)),
    ("CNAME x7, AAAA x2", chain("AAAA", 7, 2)),
    ("A, signed", signed("www.example.se", "example.se", "A", 2)),
    ("AAAA, signed", signed("www.example.se", "example.se", "AAAA", 1)),
    ("A with authority and additional", old_style("www.isc.example",
                                                  "isc.example")),
    ("A of a name of 255 octets", longest_name()),
    ("A, refused by the server", Message("www.example.com", "A",
                                         0x8185).opt()),
    ("AAAA, no data", negative("ipv4only.example.com", "AAAA", "example.com",
                               0)),
    ("A, no such name", negative("www.exmaple.example.com", "A", "example.com",
                                 3, opt=False)),
    ("AAAA, no data, NSEC", nsec_nodata()),
    ("A, no such name, NSEC3 x3", nsec3_negative("nope.example.nl",
                                                 "example.nl", 3, 3)),
    ("A, referral with glue, DS and RRSIG", referral("www.example.com", "com",
                                                     13, True)),
    # The rest
    ("MX, 1 record", mail("example.net", 1, 0)),
    ("MX, 5 records", mail("example.com", 5, 0)),
    ("MX, 3 records with addresses", mail("example.org", 3, 3)),
    ("TXT, 1 record", texts("example.net", VERIFICATIONS[0])),
    ("TXT, 6 records", texts("example.com", *VERIFICATIONS)),
    ("TXT, a DKIM key in two strings", dkim(443)),
    ("SRV, 1 record", service("_sip._udp.example.org", 1, 0)),
    ("SRV, 3 records with addresses", service("_sip._tcp.example.org", 3, 3)),
    ("PTR, IPv4", one("1.2.0.192.in-addr.arpa", "PTR", ("www.example.com",))),
    ("PTR, IPv6", one(REVERSE, "PTR", ("dns.example.net",))),
    ("CAA, 3 records", caa()),
    ("NAPTR, 3 records", naptr()),
    ("TLSA, signed", tlsa()),
    ("HTTPS, 1 record", https("example.com", False)),
    ("HTTPS with hints and ECH", https("cdn.example.com", True)),
    ("SVCB, 2 records", svcb()),
    ("SSHFP", one("host.example.org", "SSHFP", b"\4\2", noise("ssh", 32))),
    ("SOA", one("example.com", "SOA", *soa("ns1.example.com",
                                           "hostmaster.example.com"))),
    ("NS, 4 records with glue", name_servers("example.com", 4)),
    ("DS, signed", delegation_ds()),
    ("DNSKEY, ECDSA, signed", dnskey("example.se", 64)),
    ("DNSKEY, RSA, signed", dnskey("example.org", 256)),
    ("NS of the root (RFC 8109), 811 octets", root_priming()),
    ("ANY", large_any()),
)


def main():
    total = 0
    print("# Made by corpus.py: responses, one a line, in hex.")
    for title, message in CORPUS:
        octets = message.finish()
        total += len(octets)
        print(f"# {title}")
        print(octets.hex())
    print(f"{len(CORPUS)} messages, {total} octets", file=sys.stderr)


if __name__ == "__main__":
    main()
