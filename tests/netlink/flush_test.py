#!/usr/bin/python3
"""`trivet netlink addr|route|neigh flush`: what ip(8) does not do, or says otherwise. What both do
alike is in write_command_test.py.

usage: flush_test.py TRIVET
"""

import json
import subprocess
import sys

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


def main():
    for line in STATE.strip().splitlines():
        done = run("ip", *line.split())
        if done.returncode:
            raise SystemExit(f"{line}: {done.stderr}")

    for verb in (("route", "flush", "dev", "v0"), ("addr", "flush", "dev", "v0"),
                 ("neigh", "flush", "dev", "v0", "nud", "permanent")):
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

    # The first takes the others with it: those have gone when their turn comes.
    expect(said(ours("-4", "-s", "addr", "flush", "dev", "v0"))[0], 0, "addr flush")
    expect(count("-4", "addr", "show", "dev", "v0"), 0, "addresses after")

    run("ip", "neigh", "add", "10.0.0.7", "dev", "v0", "nud", "none")
    expect(said(ours("-s", "neigh", "flush", "to", "10.0.0.7")),
           (0, "neighbours removed: 1, rounds: 1\n", ""), "a neighbour without a state")

    for wrong in (("route", "flush"), ("addr", "flush"), ("neigh", "flush"),
                  ("route", "flush", "cache")):
        done = ours(*wrong)
        if done.returncode != 2 or not done.stderr.startswith("trivet: "):
            raise SystemExit(f"{wrong}: {done}")
    gone = ours("addr", "flush", "dev", "nosuch")
    if gone.returncode != 1 or "nosuch" not in gone.stderr:
        raise SystemExit(f"a link that there is not: {gone}")
    print("flushed")


main()
