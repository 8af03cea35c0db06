#!/usr/bin/python3
"""`trivet netlink addr|route|neigh|rule|nexthop flush`: what ip(8) does not do, or says otherwise. What both do
alike is in write_command_test.py.

usage: flush_test.py TRIVET
"""

import errno
import json
import re
import select
import socket
import subprocess
import sys
import time

TRIVET = sys.argv[1]
STATE = """
link add v0 type veth peer name v1
link set v0 up
link set v1 up
addr add 10.0.0.1/24 dev v0
addr add 10.0.0.2/24 dev v0
addr add 10.0.0.3/24 dev v0
addr add 2001:db8::1/64 dev v0 nodad
nexthop add id 1 via 10.0.0.9 dev v0
nexthop add id 2 via 2001:db8::9 dev v0
nexthop add id 3 via 10.0.0.8 dev v0
nexthop add id 10 group 1/3
nexthop add id 4 blackhole
route add 198.51.100.0/24 nhid 1
route add 198.51.101.0/24 nhid 10
route add 198.51.104.0/24 nhid 4
route add 198.51.102.0/24 via 10.0.0.9
route add 198.51.103.0/24 nexthop via 10.0.0.9 nexthop via 10.0.0.8 weight 2
route add 2001:db8:1::/48 nhid 2
route add 2001:db8:2::/48 via 2001:db8::8
"""


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def ours(*words):
    return run(TRIVET, "netlink", *words)


def expect(got, wanted, what):
    if got != wanted:
        raise SystemExit(f"{what}: {got!r} instead of {wanted!r}")


def count(*words):
    return len(json.loads(run("ip", "-j", *words).stdout or "[]"))


def said(done):
    return done.returncode, done.stdout, done.stderr


def apply(state):
    for line in state.strip().splitlines():
        done = run("ip", *line.split())
        if done.returncode:
            raise SystemExit(f"{line}: {done.stderr}")


# Of rules that say the same, and more: the kernel takes the first that a request finds.
RULES = """
rule add from 10.1.0.0/16 table 7 pref 0
rule add not from 10.2.0.0/16 table local pref 0
rule add from 10.3.0.0/16 fwmark 1 table 7 pref 100
rule add not from 10.3.0.0/16 table 7 pref 100
rule add from 10.3.0.0/16 table 7 pref 101
rule add from 10.3.0.0/16 fwmark 1 table 7 pref 101
rule add from 10.3.0.0/16 fwmark 1 table 7 pref 102
rule add not from 10.4.0.0/16 table 7 pref 102
rule add goto 300 fwmark 2 pref 103
rule add goto 200 pref 103
-6 rule add from 2001:db8::/32 table 7 pref 100
"""


def rules():
    return [(r["priority"], r["src"], r.get("table"), "not" in r)
            for r in json.loads(run("ip", "-j", "rule").stdout)]


def check_rules():
    apply(RULES)
    local = (0, "all", "local", False)
    zero = [(0, "10.1.0.0", "7", False), (0, "10.2.0.0", "local", True)]
    both = [(100, "10.3.0.0", "7", False), (100, "10.3.0.0", "7", True)]
    before = rules()
    expect(before[:5], [local, *zero, *both], "rules before")

    # ip(8) removes the one with a mark here instead.
    refused = ours("rule", "flush", "not", "priority", "100")
    if refused.returncode != 1 or "priority 100" not in refused.stderr:
        raise SystemExit(f"a rule in the way: {refused}")
    expect(rules(), before, "rules after a refusal")
    # None is in the way: of another priority, of other addresses, behind, or going as well.
    expect(said(ours("-s", "rule", "flush", "not", "priority", "102")),
           (0, "rules removed: 1, rounds: 1\n", ""), "rule flush not")
    expect(said(ours("-s", "rule", "flush", "from", "10.3.0.0/16", "priority", "100")),
           (0, "rules removed: 2, rounds: 1\n", ""), "rule flush of both")

    # ip(8) never removes those of priority 0.
    expect(said(ours("-s", "rule", "flush", "table", "7", "proto", "all")),
           (0, "rules removed: 3, rounds: 1\n", ""), "rule flush table")
    expect(rules()[:3], [local, *zero], "those of priority 0")
    expect(said(ours("-s", "-j", "rule", "flush", "priority", "0"))[:2],
           (0, '{"objects":"rules","removed":1,"rounds":1}\n'), "rule flush priority 0")
    expect(rules()[:2], [local, zero[1]], "those of the table local")
    expect(said(ours("-s", "rule", "flush")), (0, "rules removed: 4, rounds: 1\n", ""),
           "rule flush")
    expect(rules(), [local, zero[1]], "rules after")
    expect(said(ours("-s", "rule", "flush")), (0, "rules removed: 0, rounds: 0\n", ""),
           "no rule to flush")
    expect(count("-6", "rule", "show"), 3, "rules of IPv6 before")
    expect(said(ours("-6", "-s", "rule", "flush")), (0, "rules removed: 2, rounds: 1\n", ""),
           "rule flush of IPv6")


def check_nexthops():
    apply("""
nexthop add id 20 via 10.0.0.9 dev v0
nexthop add id 21 group 20 protocol 4
nexthop add id 22 via 10.0.0.8 dev v0 protocol 4
nexthop add id 23 dev lo
nexthop add id 24 group 22 protocol 3
""")
    # By the name of a protocol; ip(8) wants its number. The group without members goes by itself.
    expect(said(ours("-s", "nexthop", "flush", "proto", "static")),
           (0, "nexthops removed: 2, rounds: 1\n", ""), "nexthop flush proto")
    left = [n["id"] for n in json.loads(run("ip", "-j", "nexthop").stdout)]
    expect([i for i in left if i >= 20], [20, 23], "nexthops after")
    # All words count; with ip(8) the number alone does.
    expect(said(ours("-s", "nexthop", "flush", "dev", "lo", "id", "20")),
           (0, "nexthops removed: 0, rounds: 0\n", ""), "nexthop flush of another link's")
    expect(said(ours("-s", "nexthop", "flush", "id", "20")),
           (0, "nexthops removed: 1, rounds: 1\n", ""), "nexthop flush id")
    expect(said(ours("nexthop", "flush", "id", "20")), (0, "", ""), "a nexthop that there is not")
    expect(said(ours("-s", "nexthop", "flush")), (0, "nexthops removed: 6, rounds: 1\n", ""),
           "nexthop flush")
    expect(count("nexthop", "show"), 0, "nexthops after all")


# A sender, and a router behind which the link is narrower.
PATH = """
netns add narrow
link add p0 type veth peer name p1 netns narrow
addr add 10.50.0.1/24 dev p0
addr add 2001:db8:50::1/64 dev p0 nodad
link set p0 up
route add 10.51.0.0/24 via 10.50.0.2
route add 2001:db8:51::/64 via 2001:db8:50::2
-n narrow addr add 10.50.0.2/24 dev p1
-n narrow addr add 2001:db8:50::2/64 dev p1 nodad
-n narrow link set p1 up
-n narrow link add q0 mtu 1300 type veth peer name q1
-n narrow addr add 10.51.0.2/24 dev q0
-n narrow addr add 2001:db8:51::2/64 dev q0 nodad
-n narrow link set q0 up
-n narrow link set q1 up
"""


def learn_path(family, host):
    """Sends until the kernel has learnt that the path is narrower than the link."""
    sender = socket.socket(family, socket.SOCK_DGRAM)
    if family == socket.AF_INET:
        sender.setsockopt(socket.IPPROTO_IP, 10, 2)  # IP_MTU_DISCOVER, IP_PMTUDISC_DO
    sender.connect((host, 9))
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            sender.send(bytes(1400))
        except OSError as error:
            if error.errno == errno.EMSGSIZE:
                return
        select.select([], [], [], 0.01)
    raise SystemExit(f"{host}: no word of the narrow link")


def check_cache():
    apply(PATH)
    run("ip", "netns", "exec", "narrow", "sysctl", "-qw", "net.ipv4.ip_forward=1",
        "net.ipv6.conf.all.forwarding=1")
    for family, option, host in ((socket.AF_INET, "-4", "10.51.0.9"),
                                 (socket.AF_INET6, "-6", "2001:db8:51::9")):
        learn_path(family, host)
        for words in (("show", "cache"), ("show", "cached"), ("show", "table", "cache")):
            shown = run("ip", option, "route", *words).stdout
            if option == "-6" and host not in shown:
                raise SystemExit(f"nothing was learnt: {shown}")
            got = ours(option, "route", *words).stdout
            expect([line.split() for line in without_times(got)],
                   [line.split() for line in without_times(shown)], f"{option} {words}")
        expect(mtu_of(option, host), 1300, "what was learnt of the path")
        expect(said(ours(option, "route", "flush", "cache")), (0, "", ""), "route flush cache")
        expect(run("ip", option, "route", "show", "cache").stdout, "", "cache after")
        expect(mtu_of(option, host), None, "the path after")
    denied = run("setpriv", "--reuid=65534", "--clear-groups", TRIVET, "netlink", "route", "flush",
                 "cache")
    if denied.returncode != 1 or "route/flush" not in denied.stderr:
        raise SystemExit(f"without privilege: {denied}")


def without_times(text):
    return re.sub(r"expires \d+sec|age \d+sec", "", text).splitlines()


def mtu_of(option, host):
    route = json.loads(run("ip", "-j", option, "route", "get", host).stdout)[0]
    return next((m["mtu"] for m in route.get("metrics", []) if "mtu" in m), None)


def main():
    check_cache()
    run("ip", "link", "del", "p0")
    apply(STATE)
    for verb in (("route", "flush", "dev", "v0"), ("addr", "flush", "dev", "v0"),
                 ("neigh", "flush", "dev", "v0", "nud", "permanent"), ("rule", "flush"),
                 ("nexthop", "flush")):
        run("ip", "neigh", "replace", "10.0.0.77", "lladdr", "02:00:00:00:00:77", "dev", "v0")
        denied = run("setpriv", "--reuid=65534", "--clear-groups", TRIVET, "netlink", *verb)
        if denied.returncode != 1 or "CAP_NET_ADMIN" not in denied.stderr:
            raise SystemExit(f"without privilege: {denied}")

    # With the routes of nexthop objects, which ip(8) leaves: the kernel refuses its request.
    before = count("route", "show", "root", "198.51.96.0/20")
    expect(before, 5, "routes before")
    expect(said(ours("-s", "route", "flush", "root", "198.51.96.0/20")),
           (0, "routes removed: 5, rounds: 1\n", ""), "route flush")
    expect(count("route", "show", "root", "198.51.96.0/20"), 0, "routes after")
    expect(said(ours("-6", "-s", "route", "flush", "root", "2001:db8::/40")),
           (0, "routes removed: 3, rounds: 1\n", ""), "route flush of IPv6")
    nothing = ours("-s", "route", "flush", "root", "198.51.96.0/20", "-j")
    expect((nothing.returncode, json.loads(nothing.stdout)),
           (0, {"objects": "routes", "removed": 0, "rounds": 0}), "nothing to flush")
    expect(count("nexthop", "show"), 5, "nexthop objects stay")

    check_nexthops()
    check_rules()

    # The first takes the others with it: those have gone when their turn comes.
    expect(said(ours("-4", "-s", "addr", "flush", "dev", "v0"))[0], 0, "addr flush")
    expect(count("-4", "addr", "show", "dev", "v0"), 0, "addresses after")

    run("ip", "neigh", "add", "10.0.0.7", "dev", "v0", "nud", "none")
    expect(said(ours("-s", "neigh", "flush", "to", "10.0.0.7")),
           (0, "neighbours removed: 1, rounds: 1\n", ""), "a neighbour without a state")

    # "all" is every route of the table, and "default" that to 0/0 alone.
    apply("""
addr add 10.0.0.1/24 dev v0
route add 198.51.105.0/24 dev v0
route add default dev v0
""")
    expect(said(ours("-s", "route", "flush", "default")),
           (0, "routes removed: 1, rounds: 1\n", ""), "route flush default")
    before = count("route", "show")
    if before < 2:
        raise SystemExit(f"{before} routes")
    expect(said(ours("-s", "route", "flush", "all")),
           (0, f"routes removed: {before}, rounds: 1\n", ""), "route flush all")
    expect(count("route", "show"), 0, "routes of the table main")

    for wrong in (("route", "flush"), ("addr", "flush"), ("neigh", "flush"),
                  ("rule", "flush", "priority", "many"),
                  ("nexthop", "flush", "nothing")):
        done = ours(*wrong)
        if done.returncode != 2 or not done.stderr.startswith("trivet: "):
            raise SystemExit(f"{wrong}: {done}")
    gone = ours("addr", "flush", "dev", "nosuch")
    if gone.returncode != 1 or "nosuch" not in gone.stderr:
        raise SystemExit(f"a link that there is not: {gone}")
    print("flushed")


main()
