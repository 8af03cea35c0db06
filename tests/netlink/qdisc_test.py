#!/usr/bin/python3
"""`trivet netlink qdisc` beside tc(8): the same lines, and in JSON the same keys and values.

usage: qdisc_test.py TRIVET

Of kinds whose options are not printed, what stands before them is compared.
"""

import json
import subprocess
import sys

STATE = """
ip link set lo up
ip link add v0 type veth peer name v1
ip link add v2 type veth peer name v3
ip link add v4 numtxqueues 4 type veth peer name v5
ip link set v0 up
ip link set v1 up
ip link set v2 up
ip link set v4 up
tc qdisc add dev v0 root handle 1: htb default 10 r2q 7
tc class add dev v0 parent 1: classid 1:10 htb rate 1mbit burst 15k
tc class add dev v0 parent 1: classid 1:11 htb rate 1mbit burst 15k
tc class add dev v0 parent 1: classid 1:12 htb rate 1mbit burst 15k
tc qdisc add dev v0 parent 1:10 handle 10: tbf rate 1mbit burst 10k limit 20k
tc qdisc add dev v0 parent 1:11 handle 11: pfifo limit 77
tc qdisc add dev v0 parent 1:12 handle 12: fq_codel limit 100
tc qdisc add dev v0 clsact
tc qdisc add dev v1 ingress
tc qdisc add dev v1 root bfifo limit 8888
tc qdisc add dev v2 root prio bands 4
tc qdisc add dev v3 root netem delay 10ms
tc qdisc add dev v4 root mq
tc qdisc add dev v5 root pfifo_fast
"""
KNOWN = ("htb", "pfifo_fast", "prio", "pfifo", "bfifo", "noqueue", "noop", "mq", "ingress", "clsact")


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def expect(ours, theirs, what):
    if ours != theirs:
        raise SystemExit(f"{what}:\n{ours}\ninstead of\n{theirs}")


def accepted(one):
    """tc's object without the options that ours does not print, and the details of -s."""
    kept = dict(one)
    if kept["kind"] not in KNOWN:
        kept.pop("options", None)
    elif kept["kind"] in ("prio", "pfifo_fast"):
        kept["options"].pop("multiqueue", None)  # which only -d has
    return kept


def compare(trivet, options, words):
    theirs = json.loads(run("tc", *options, "-j", "qdisc", "show", *words).stdout)
    ours = json.loads(run(trivet, "netlink", *options, "qdisc", "show", *words, "-j").stdout)
    expect(len(ours), len(theirs), f"{options} {words}")
    for one, other in zip(ours, theirs):
        wanted = accepted(other)
        # Some kinds have counters of their own behind these.
        shown = {key: wanted[key] for key in wanted if key in one or other["kind"] in KNOWN}
        expect(list(one.items()), list(shown.items()), f"JSON of {options} {words}")
    our_lines = run(trivet, "netlink", *options, "qdisc", "show", *words).stdout.splitlines()
    if options:
        return len(ours)
    their_lines = run("tc", "qdisc", "show", *words).stdout.splitlines()
    for one, other in zip(our_lines, their_lines):
        one, other = " ".join(one.split()), " ".join(other.split())
        if one.split()[1] in KNOWN:
            expect(one, other, "text")
        elif not other.startswith(one):
            raise SystemExit(f"text: {one}\ninstead of\n{other}")
    expect(len(our_lines), len(their_lines), f"lines {words}")
    return len(ours)


def be_quiet():
    """No packet of IPv6's own moves a counter between two questions; in this namespace only."""
    for name in ("all", "default"):
        with open(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6", "w", encoding="ascii") as file:
            file.write("1")


def main():
    trivet = sys.argv[1]
    be_quiet()
    for line in STATE.strip().splitlines():
        done = run(*line.split())
        if done.returncode:
            print(f"left out: {line}: {done.stderr.strip()}")
    count = sum(compare(trivet, options, words)
                for options in ([], ["-s"]) for words in ([], ["dev", "v0"], ["dev", "lo"]))
    wrong = run(trivet, "netlink", "qdisc", "show", "link", "v0")
    expect((wrong.returncode, wrong.stdout), (2, ""), "a word that means nothing")
    if count < 20:
        raise SystemExit(f"only {count} were compared")
    print(f"{count} compared")


main()
