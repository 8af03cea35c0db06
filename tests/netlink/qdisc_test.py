#!/usr/bin/python3
"""`trivet netlink qdisc` beside tc(8): the same words, and in JSON the same keys and values.

usage: qdisc_test.py TRIVET
"""

import json
import os
import re
import socket
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
# Each is the root of a veth of its own. A kernel that lacks one says so, and it is left out.
KINDS = """
fq_codel limit 1000 flows 512 target 7ms interval 120ms quantum 2000 memory_limit 3000000 drop_batch 32
fq_codel ce_threshold 2ms ce_threshold_selector 0x5/0x3 noecn
fq_codel ce_threshold 2ms ce_threshold_selector 0x0/0x3
codel limit 100 target 6ms interval 80ms ecn ce_threshold 1500us
fq limit 2000 flow_limit 50 quantum 5000 maxrate 10mbit nopacing horizon 3s horizon_cap
fq orphan_mask 511 refill_delay 35ms ce_threshold 5ms low_rate_threshold 800kbit defrate 1gbit
pie limit 300 target 10ms tupdate 20ms alpha 3 beta 30 ecn bytemode dq_rate_estimator
tbf rate 3mbit burst 32k latency 50ms peakrate 5mbit minburst 1600
tbf rate 40gbit burst 2mb limit 4mb overhead 24 linklayer atm
sfq perturb 10 limit 100 quantum 3000 depth 20 headdrop divisor 512
red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 probability 0.02 bandwidth 10mbit ecn adaptive
red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 probability 0.1 bandwidth 10mbit harddrop nodrop ecn
netem delay 10ms 3ms 25% loss 1% 20% duplicate 2% corrupt 3% reorder 4% 50% rate 1mbit 20 100 5 limit 500
netem loss state 1% 2% 3%
netem loss gemodel 1% 10% 70% 0.1% ecn
netem slot 1ms 4ms packets 20 bytes 3000
netem slot distribution pareto 1ms 400us
netem delay 1200ms reorder 25% gap 5
pfifo_head_drop limit 12
cake bandwidth 20mbit diffserv4 dual-srchost nat wash ack-filter rtt 50ms overhead 18 mpu 64 atm memlimit 4mb
cake unlimited besteffort flowblind ingress ack-filter-aggressive no-split-gso raw
cake bandwidth 100mbit autorate-ingress diffserv3 fwmark 0xff ptm
cake bandwidth 1gbit diffserv8
ets bands 4 strict 1 quanta 4000 3000 2000 priomap 0 1 1 2 3 3
ets strict 3
hfsc
hfsc default 10
drr
qfq
plug limit 20000
skbprio limit 77
cbs hicredit 30 locredit -1470 sendslope -980000 idleslope 20000
hhf limit 900 quantum 3000 hh_limit 1024 reset_timeout 60ms admit_bytes 65536 evict_timeout 2s non_hh_weight 3
choke limit 200 bandwidth 10mbit min 20 max 60 burst 30 avpkt 1000 ecn
"""


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def expect(ours, theirs, what):
    if ours != theirs:
        raise SystemExit(f"{what}:\n{ours}\ninstead of\n{theirs}")


def unlike(one):
    """What tc's JSON lacks or has wrongly; docs/netlink.md says why."""
    found = dict(one)
    options = found.get("options", {})
    options.pop("peakrate", None)  # tc's is in its text alone
    options.pop("peak_mpu", None)  # tc's is a second "mpu"
    if found["kind"] == "fq" and "throttled" in found:
        found = sorted_by_key(found)  # tc's has the key twice, at two places
    return found


def unique(pairs):
    if len(dict(pairs)) != len(pairs):
        raise SystemExit(f"an object with a key twice: {pairs}")
    return dict(pairs)


def sorted_by_key(one):
    return {key: one[key] for key in sorted(one)}


def compare(trivet, options, words):
    # tc writes hfsc's option into the midst of its JSON, as text.
    theirs = json.loads(re.sub(r"{default ([0-9a-f]+) ", r'{"default":"0x\1"',
                               run("tc", *options, "-j", "qdisc", "show", *words).stdout))
    ours = json.loads(run(trivet, "netlink", *options, "qdisc", "show", *words, "-j").stdout,
                      object_pairs_hook=unique)
    expect([one["kind"] for one in ours], [one["kind"] for one in theirs], f"{options} {words}")
    for one, other in zip(ours, theirs):
        if other["kind"] == "fq" and "throttled" in other:
            other = sorted_by_key(other)
        expect(list(unlike(one).items()), list(other.items()), f"JSON of {options} {words}")
        expect(list(unlike(one)["options"].items()), list(other["options"].items()), "options")
    texts = [run(*command, *options, "qdisc", "show", *words).stdout.split("qdisc ")
             for command in (["tc"], [trivet, "netlink"])]
    expect(len(texts[1]), len(texts[0]), f"number of qdiscs in the text of {options} {words}")
    for their_text, our_text in zip(*texts):
        expect(" ".join(our_text.split()), " ".join(their_text.split()), f"text of {options} {words}")
    return len(ours)


def be_quiet():
    """No packet of IPv6's own moves a counter between two questions; in this namespace only."""
    for name in ("all", "default"):
        with open(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6", "w", encoding="ascii") as file:
            file.write("1")


def emulated():
    """Debian's kernel in an emulator, where processes start slowly."""
    return os.uname().release.endswith("-amd64")


def may_lack(words):
    """The emulated kernel has every kind, user-mode-linux all but ets."""
    with open("/proc/cpuinfo", encoding="ascii") as file:
        if "User Mode Linux" in file.read():
            return "ets" in words
    return not emulated()


def make(*words):
    done = run(*words)
    if not done.returncode:
        return
    if not may_lack(words) or "kind is unknown" not in done.stderr:
        raise SystemExit(f"{' '.join(words)}: {done.stderr.strip()}")
    print(f"left out: {' '.join(words)}: {done.stderr.strip()}")


def send_through(device):
    """Frames that its own counters see; they have left before the kernel is asked."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((device, 0))
        for size in range(100, 1500, 100):
            out.send(b"\2\0\0\0\0\1" * 2 + b"\x88\xb5" + bytes(size))
    while json.loads(run("tc", "-s", "-j", "qdisc", "show", "dev", device).stdout)[0]["backlog"]:
        pass


def main():
    trivet = sys.argv[1]
    be_quiet()
    for line in STATE.strip().splitlines():
        make(*line.split())
    kinds = [line for line in KINDS.strip().splitlines()
             if not emulated() or line.startswith("ets")]
    for number, line in enumerate(kinds, 10):
        run("ip", "link", "add", f"v{number}", "up", "type", "veth", "peer", f"w{number}")
        make("tc", "qdisc", "add", "dev", f"v{number}", "root", *line.split())
        if line.startswith("cake"):
            run("ip", "link", "set", f"w{number}", "up")
            send_through(f"v{number}")
    count = sum(compare(trivet, options, words)
                for options in ([], ["-s"], ["-d"], ["-s", "-d"])
                for words in ([], ["dev", "v0"], ["dev", "lo"]))
    wrong = run(trivet, "netlink", "qdisc", "show", "link", "v0")
    expect((wrong.returncode, wrong.stdout), (2, ""), "a word that means nothing")
    if count < 20:
        raise SystemExit(f"only {count} were compared")
    print(f"{count} compared")


main()
