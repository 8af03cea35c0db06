#!/usr/bin/python3
"""`trivet netlink qdisc` beside tc(8): the same words, and in JSON the same keys and values.

usage: qdisc_test.py TRIVET
"""

import errno
import json
import os
import re
import socket
import struct
import subprocess
import sys

RTM_GETQDISC = 38
NLMSG_DONE = 3
NLM_F_REQUEST = 0x1
NLM_F_DUMP = 0x300

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
tc qdisc add dev v2 ingress_block 5 ingress
tc qdisc add dev v3 ingress_block 6 egress_block 7 clsact
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
etf clockid CLOCK_TAI delta 300000
etf clockid CLOCK_TAI delta 200000 deadline_mode skip_sock_check
mqprio num_tc 3 map 2 2 1 0 2 2 2 2 2 2 2 2 2 2 2 2 queues 1@0 1@1 2@2 hw 0
mqprio num_tc 1 map 0 queues 4@0 hw 0
multiq
taprio num_tc 2 map 1 0 queues 1@0 3@1 base-time 1528743495910289987 sched-entry S 01 300000 sched-entry S 00 20 clockid CLOCK_TAI
taprio num_tc 2 map 1 0 queues 1@0 1@1 base-time -5000000 cycle-time 500000 cycle-time-extension 70 sched-entry S 03 500000 flags 0x1 txtime-delay 200000 clockid CLOCK_TAI
taprio num_tc 1 map 0 queues 1@0 base-time 9000000000000000000 sched-entry S 01 300000 clockid CLOCK_MONOTONIC
taprio num_tc 1 map 0 queues 1@0 base-time 17 sched-entry S 01 300000 flags 0x1 clockid CLOCK_BOOTTIME then base-time 9000000000000000000 sched-entry S 01 400000 flags 0x1 clockid CLOCK_BOOTTIME
"""
# Each is below a bucket that lets one packet through in three minutes: what the others go through is
# counted and stands still. What follows "then" changes what has been made.
HELD = """
fq_pie
fq_pie limit 8 flows 64 target 20ms tupdate 30ms alpha 3 beta 21 quantum 2000 memory_limit 3mb ecn_prob 20 ecn bytemode dq_rate_estimator
gred setup vqs 2 default 0 ecn
gred setup vqs 3 default 1 grio limit 60000 then limit 50000 min 15000 max 45000 avpkt 1000 burst 20 probability 0.02 bandwidth 10mbit DP 2 prio 3 then limit 9000 min 3000 max 6000 avpkt 1000 burst 4 probability 0.1 bandwidth 10mbit DP 1 prio 2 ecn harddrop
gred setup DPs 16 default 15 then limit 300000 min 15000 max 45000 avpkt 1000 burst 20 probability 0.5 bandwidth 10mbit DP 15
sfb
sfb rehash 500000 db 50000 limit 9 max 6 target 3 increment 0.1 decrement 0.0001 penalty_rate 12 penalty_burst 22
"""
# Of what is above, the last of a kind: some values by the kernel's names.
DECODED = {
    "etf": {"delta": 200000, "clockid": 11, "flags": 5},
    "fq_pie": {"TCA_FQ_PIE_LIMIT": 8, "TCA_FQ_PIE_ECN_PROB": 20},
    "gred": {"DPs": 16, "qth_min": 15000, "TCA_GRED_VQ_DP": 15},
    "mqprio": {"num_tc": 1, "hw": 0},
    "multiq": {"bands": 4, "max_bands": 4},
    "sfb": {"rehash_interval": 500000, "penalty_burst": 22},
    "taprio": {"TCA_TAPRIO_ATTR_SCHED_CLOCKID": 7, "TCA_TAPRIO_SCHED_ENTRY_INTERVAL": 400000,
               "num_tc": 1, "TCA_TAPRIO_ATTR_SCHED_BASE_TIME": 9000000000000000000},
}
SLOW = "tbf rate 64bit burst 1600 limit 1700"


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
    if options.get("base_time", 0) < 0:
        options["base_time"] += 1 << 64  # tc's has no sign
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
    # tc writes the options of hfsc and multiq into the midst of its JSON, as text.
    written = re.sub(r"{default ([0-9a-f]+) ", r'{"default":"0x\1"',
                     run("tc", *options, "-j", "qdisc", "show", *words).stdout)
    written = re.sub(r"{bands (\d+)/(\d+) }", r'{"bands":\1,"max_bands":\2}', written)
    # Nor has the schedule that taprio is to have next a key.
    theirs = json.loads(written.replace(',{"base_time"', ',"admin":{"base_time"'))
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
    """The emulated kernel has every kind, user-mode-linux all but two."""
    with open("/proc/cpuinfo", encoding="ascii") as file:
        if "User Mode Linux" in file.read():
            return not {"ets", "fq_pie"}.isdisjoint(words)
    return not emulated()


def make(*words):
    """Whether it was made, and not left out."""
    done = run(*words)
    if not done.returncode:
        return True
    if not may_lack(words) or "kind is unknown" not in done.stderr:
        raise SystemExit(f"{' '.join(words)}: {done.stderr.strip()}")
    print(f"left out: {' '.join(words)}: {done.stderr.strip()}")
    return False


def make_kind(place, line):
    """A qdisc at a place of a device, and its changes. Whether the kernel has its kind."""
    first, *changes = line.split(" then ")
    if not make("tc", "qdisc", "add", *place, *first.split()):
        return False
    for change in changes:
        make("tc", "qdisc", "change", *place, first.split()[0], *change.split())
    return True


def wait_for_gates():
    """A schedule that begins in the past is followed from its next cycle on."""
    while True:
        shown = run("tc", "qdisc", "show").stdout
        if not re.search(r"base-time 0 .*base-time 1528743495910289987", shown):
            return


def add_device(number, line, carrier):
    """With queues for the kinds that use several. Without a carrier nothing is sent."""
    queues = ("numtxqueues", "4") if line.startswith(("mqprio", "multiq", "taprio")) else ()
    run("ip", "link", "add", f"v{number}", "up", *queues, "type", "veth", "peer", f"w{number}")
    if carrier:
        run("ip", "link", "set", f"w{number}", "up")
    return f"v{number}"


def send_into(device, sizes):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((device, 0))
        for size in sizes:
            try:
                out.send(b"\2\0\0\0\0\1" * 2 + b"\x88\xb5" + bytes(size))
            except OSError as error:
                if error.errno != errno.ENOBUFS:  # which says that the qdisc dropped it
                    raise


def send_through(device):
    """Frames that its own counters see; they have left before the kernel is asked."""
    send_into(device, range(100, 1500, 100))
    while json.loads(run("tc", "-s", "-j", "qdisc", "show", "dev", device).stdout)[0]["backlog"]:
        pass


def dumped():
    """All queueing disciplines as the kernel sends them."""
    request = struct.pack("=IHHIIBxxxiIII", 36, RTM_GETQDISC, NLM_F_REQUEST | NLM_F_DUMP, 1, 0,
                          0, 0, 0, 0, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
        kernel.send(request)
        while True:
            datagram = kernel.recv(1 << 16)
            yield datagram
            if struct.unpack_from("=H", datagram, 4)[0] == NLMSG_DONE:
                return


def parts_of(part):
    yield part
    for inner in part.get("parts", []):
        yield from parts_of(inner)


def compare_names(trivet, made):
    """`trivet netlink decode` has a name for whatever is in the options that it knows."""
    text = "\n\n".join(datagram.hex() for datagram in dumped())
    decoded = subprocess.run([trivet, "netlink", "decode", "-", "-j"], input=text,
                             capture_output=True, text=True, check=True).stdout
    values = {}
    for message in map(json.loads, decoded.splitlines()):
        attributes = {part.get("name"): part for part in message["parts"]}
        kind = attributes.get("TCA_KIND", {}).get("value")
        if message.get("flawed"):
            raise SystemExit(f"flawed: {message}")
        if kind not in DECODED:
            continue
        for part in parts_of(attributes["TCA_OPTIONS"]):
            if "name" not in part and part["kind"] != "element":
                raise SystemExit(f"{kind} has something without a name: {part}")
            values.setdefault(kind, {})[part.get("name")] = part.get("value")
    expect(sorted(values), sorted(made & DECODED.keys()), "kinds that have names")
    for kind, found in values.items():
        expect({name: found.get(name) for name in DECODED[kind]}, DECODED[kind], kind)
    return values


def check_held(device):
    """The packets are in the queue, or dropped by it."""
    held = json.loads(run("tc", "-s", "-j", "qdisc", "show", "dev", device).stdout)[1]
    if not held["qlen"] and not held["drops"]:
        raise SystemExit(f"{device} holds nothing: {held}")


def lines(text):
    """All on most kernels; on the emulated one those that no other has."""
    return [line for line in text.strip().splitlines()
            if not emulated() or line.startswith(("ets", "fq_pie"))]


def main():
    trivet = sys.argv[1]
    be_quiet()
    for line in STATE.strip().splitlines():
        make(*line.split())
    made = set()
    for number, line in enumerate(lines(KINDS), 10):
        counts = line.startswith("cake")
        device = add_device(number, line, counts)
        if not make_kind(("dev", device, "root"), line):
            continue
        made.add(line.split()[0])
        if counts:
            send_through(device)
    for number, line in enumerate(lines(HELD), 100):
        device = add_device(number, line, True)
        make("tc", "qdisc", "add", "dev", device, "root", "handle", "1:", *SLOW.split())
        if make_kind(("dev", device, "parent", "1:1"), line):
            made.add(line.split()[0])
            send_into(device, [1486] * 20)
            check_held(device)
    wait_for_gates()
    count = sum(compare(trivet, options, words)
                for options in ([], ["-s"], ["-d"], ["-s", "-d"])
                for words in ([], ["dev", "v0"], ["dev", "lo"]))
    named = compare_names(trivet, made)
    wrong = run(trivet, "netlink", "qdisc", "show", "link", "v0")
    expect((wrong.returncode, wrong.stdout), (2, ""), "a word that means nothing")
    if count < 20:
        raise SystemExit(f"only {count} were compared")
    print(f"{count} compared, options of {len(named)} named")


main()
