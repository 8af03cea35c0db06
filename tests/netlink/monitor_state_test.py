#!/usr/bin/python3
"""The monitor's stream against iproute2, step by step and under churn.

usage: monitor_state_test.py TRIVET
"""

import os
import signal
import socket
import struct
import subprocess
import sys
import time
from random import Random

sys.dont_write_bytecode = True  # the folder is the source's

# pylint: disable=wrong-import-position
from bare_routes import (NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE, RTM_DELROUTE,
                         RTM_NEWROUTE, RouteWriter)
from monitor_stream import NOUNS, Disagreement, Monitor, batch, check_table, ip, ip_json


def make_links():
    batch([
        "link add v0 type veth peer name v1",
        "link add br0 type bridge",
        "link set v1 master br0",
        "link add link v0 name v0.7 type vlan id 7" if has_vlan() else "link set v0 alias first",
        "link set v0 alias uplink",
        "link set v0 txqueuelen 77",
        "link property add dev v0 altname a-name-longer-than-fifteen-bytes",
        "link set br0 up",
        "link set v0 up",
        "link set v1 up",
    ])


def has_vlan():
    try:
        ip("link", "add", "link", "lo", "name", "vlan-try", "type", "vlan", "id", "5")
    except Exception:  # pylint: disable=broad-except
        return False
    ip("link", "del", "vlan-try")
    return True


def make_addresses():
    batch([
        "addr add 10.0.0.1/24 brd + dev v0",
        "addr add 10.0.0.2/24 dev v0",
        "addr add 10.7.0.1 peer 10.7.0.2/30 dev v0",
        "addr add 10.7.0.1 peer 10.7.0.9/30 dev v0",
        "addr add 10.1.0.1/24 dev br0 label br0:x metric 50 noprefixroute",
        "addr add 2001:db8::1/64 dev v0 nodad",
        "addr add 2001:db8:1::1 peer 2001:db8:1::2/128 dev v0 nodad",
        "addr add 2001:db8:2::1/64 dev br0 nodad valid_lft 5000 preferred_lft 4000",
    ])


def make_routes():
    batch([
        "route add 192.0.2.0/24 via 10.0.0.77 metric 5 mtu 1400 advmss 1200",
        "route append 192.0.2.0/24 via 10.0.0.78 metric 5",
        "route prepend 192.0.2.0/24 via 10.0.0.79 metric 5",
        "route add 198.51.100.0/24 nexthop via 10.0.0.7 weight 3 nexthop via 10.7.0.2 dev v0",
        "route add blackhole 203.0.113.0/24",
        "route add unreachable 203.0.113.0/25 proto bird table 1234",
        "route add 203.0.113.7 dev v0 scope link src 10.0.0.2 tos 0x10 realms 3/4",
        "route add default via 10.0.0.254 proto static initcwnd 20 hoplimit 9",
        "route add 203.0.113.128/25 via inet6 fe80::9 dev v0",
        "route add 2001:db8:10::/48 via 2001:db8::99",
        "route append 2001:db8:10::/48 via 2001:db8::98",
        "route append 2001:db8:10::/48 via fe80::7 dev br0",
        "route add 2001:db8:11::/48 dev v0 metric 7",
        "route append 2001:db8:11::/48 dev br0 metric 7",
        "route add 2001:db8:12::/48 nexthop via 2001:db8::3 weight 9 nexthop via 2001:db8::4",
        "route add prohibit 2001:db8:13::/48 table 77",
        "route add 2001:db8:14::/48 via 2001:db8::3 expires 3000 pref high",
    ])


def make_rules_and_neighbours():
    batch([
        "rule add from 10.0.0.0/8 fwmark 7/0xff lookup 1234",
        "rule add iif v0 ipproto tcp dport 80-90 lookup 77",
        "-6 rule add to 2001:db8::/32 lookup 77",
        "neigh add 10.0.0.88 lladdr 02:00:00:00:00:88 dev v0",
        "neigh add 2001:db8::88 lladdr 02:00:00:00:00:88 dev v0 router",
    ])


def make_nexthops():
    batch([
        "nexthop add id 1 via 10.0.0.41 dev v0",
        "nexthop add id 2 via 10.0.0.42 dev v0",
        "nexthop add id 9 group 1/2,3",
        "nexthop add id 61 via 2001:db8::41 dev v0",
        "nexthop add id 62 via 2001:db8::42 dev v0",
        "nexthop add id 69 group 61/62",
        "route add 10.90.0.0/16 nhid 9",
        "route add 10.91.0.0/16 nhid 1",
        "route add 2001:db8:90::/48 nhid 69",
        "route add 2001:db8:91::/48 nhid 61",
    ])


# Each is done on its own, and the stream must arrive at iproute2's state after it.
STEPS = [
    ("mtu", ["link set v0 mtu 1400"]),
    ("address of a link", ["link set v0 address 02:00:00:00:00:77"]),
    ("carrier goes", ["link set v1 down"]),
    ("carrier comes", ["link set v1 up"]),
    ("flap", ["link set v0 down", "link set v0 up"]),
    ("addresses again", ["addr add 10.0.0.9/24 dev v0", "addr del 10.0.0.1/24 dev v0"]),
    ("promoted", ["addr add 10.0.0.1/24 dev v0"]),
    ("lifetime", ["addr change 10.0.0.9/24 dev v0 valid_lft 900 preferred_lft 800"]),
    ("peer of IPv6", ["addr change 2001:db8:1::1 peer 2001:db8:1::3/128 dev v0"]),
    ("IPv4 routes", ["route replace 192.0.2.0/24 via 10.0.0.80 metric 5",
                     "route append 192.0.2.0/24 via 10.0.0.81 metric 5",
                     "route replace 192.0.2.0/24 via 10.0.0.82 metric 5",
                     "route del 192.0.2.0/24 via 10.0.0.81 metric 5"]),
    ("IPv6 address again", ["addr replace 2001:db8::1/64 dev v0 nodad",
                            "route replace 2001:db8:11::/48 dev v0 metric 7",
                            "route replace 2001:db8:12::/48 via 2001:db8::3"]),
    ("IPv6 replace", ["route replace 2001:db8:12::/48 via 2001:db8::55",
                      "route append 2001:db8:12::/48 via 2001:db8::56",
                      "route append 2001:db8:12::/48 via 2001:db8::57",
                      "route replace 2001:db8:12::/48 nexthop via 2001:db8::58 "
                      "nexthop via 2001:db8::59",
                      "route del 2001:db8:12::/48 via 2001:db8::58"]),
    ("IPv6 device routes", ["route replace 2001:db8:11::/48 dev br0 metric 7",
                            "route del 2001:db8:11::/48 dev br0 metric 7"]),
    ("qdisc", ["link set v0 txqueuelen 50"]),
    ("rename", ["link set v1 down", "link set v1 name port1", "link set port1 up"]),
    ("out of the bridge", ["link set port1 nomaster"]),
    ("into it", ["link set port1 master br0"]),
    ("rules", ["rule add pref 500 not from 192.0.2.0/24 tos 0x10 lookup 55 suppress_prefixlength 8",
               "rule add pref 500 not from 192.0.2.0/24 tos 0x10 lookup 56",
               "rule del pref 500 not from 192.0.2.0/24 tos 0x10 lookup 55 "
               "suppress_prefixlength 8", "-6 rule add pref 9 from 2001:db8:5::/48 prohibit"]),
    ("neighbours", ["neigh replace 10.0.0.88 lladdr 02:00:00:00:00:88 dev v0",
                    "neigh change 10.0.0.88 lladdr 02:00:00:00:00:89 dev v0",
                    "neigh replace 2001:db8::88 lladdr 02:00:00:00:00:88 dev v0 router",
                    "neigh del 2001:db8::88 dev v0",
                    "neigh add 10.0.0.89 lladdr 02:00:00:00:00:01 dev v0 nud stale"]),
    ("altname", ["link property del dev v0 altname a-name-longer-than-fifteen-bytes"]),
]

NEXTHOP_STEPS = [
    ("nexthop replaced", ["nexthop replace id 1 via 10.0.0.43 dev v0"]),
    ("group replaced", ["nexthop replace id 9 group 2"]),
    ("IPv6 nexthop replaced", ["nexthop replace id 61 via 2001:db8::43 dev v0"]),
    ("nexthop deleted", ["nexthop del id 1"]),
    ("group deleted", ["nexthop del id 69"]),
]


def force_batch(lines):
    """Many commands of iproute2, of which some may be refused."""
    subprocess.run(["ip", "-force", "-batch", "-"], input="\n".join(lines) + "\n", text=True,
                   check=False, capture_output=True)


def settle(monitor, step, kinds=NOUNS):
    start = time.monotonic()
    try:
        monitor.settle(kinds)
    except Disagreement as problem:
        raise SystemExit(f"step '{step}': {problem}") from problem
    print(f"ok: {step}: {len(monitor.lines)} lines, {time.monotonic() - start:.2f} s", flush=True)


def has_nexthops():
    try:
        ip("nexthop")
        return True
    except Exception:  # pylint: disable=broad-except
        return False


def steps(monitor, list_of_steps):
    for name, lines in list_of_steps:
        batch(lines)
        settle(monitor, name)


def rich_state(trivet):
    """A state with everything in it, before and after the monitor starts; then the steps."""
    make_links()
    make_addresses()
    make_routes()
    make_rules_and_neighbours()
    if has_nexthops():
        make_nexthops()
    monitor = Monitor(trivet)
    settle(monitor, "initial")
    check_table(trivet)
    if monitor.counts.keys() != {"present"} | {"link", "addr", "route"}:
        # IPv6 addresses of fresh links are tentative for a second: changes are right then.
        print(f"   {monitor.counts}")
    steps(monitor, STEPS)
    if has_nexthops():
        ip("nexthop", "flush")  # some went with the flap
        make_nexthops()
        settle(monitor, "nexthops")
        steps(monitor, NEXTHOP_STEPS)
    for link in ("v0", "br0"):
        ip("link", "del", link)
    settle(monitor, "all gone")
    remaining = ip_json("link")
    if len(remaining) != len(monitor.objects["link"]):
        raise SystemExit(f"links left: {remaining}")
    summary = monitor.stop()
    print(summary)
    if "no overrun" not in summary:
        raise SystemExit("overruns in a quiet run")


def counters_of_a_route(trivet):
    """What a route counts moves by itself: reading it again tells of nothing."""
    batch(["link add v0 type veth peer name v1", "link set v1 up", "link set v0 up",
           "link add w0 type veth peer name w1", "link set w1 up", "link set w0 up",
           "addr add 2001:db8::1/64 dev v0 nodad"])
    prefix = "2001:db8:77::/48"
    try:
        ip("-6", "route", "add", prefix, "encap", "seg6local", "action", "End.DX6", "nh6",
           "2001:db8::2", "count", "dev", "v0")
    except RuntimeError as refused:
        print(f"   no route that counts here: {refused}")
        for link in ("v0", "w0"):
            ip("link", "del", link)
        return
    set_forwarding("1")
    monitor = Monitor(trivet)
    settle(monitor, "before a route counts", ("link", "addr", "route"))
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind(("v1", 0))
        to = bytes.fromhex(ip_json("link", "show", "v0")[0]["address"].replace(":", ""))
        header = struct.pack("!IHBB", 6 << 28, 0, socket.IPPROTO_NONE, 9)
        addresses = [socket.inet_pton(socket.AF_INET6, text)
                     for text in ("2001:db8::9", "2001:db8:77::1")]
        frame = to + bytes(6) + b"\x86\xdd" + header + b"".join(addresses)
        for _ in range(5):
            out.send(frame)
    deadline = time.monotonic() + 60
    while "errors 5" not in ip("-6", "-s", "route", "show", prefix):
        if time.monotonic() > deadline:
            raise SystemExit("the route has not counted")
        time.sleep(0.05)
    ip("link", "set", "w1", "down")  # after which routes are read again
    settle(monitor, "after a route has counted", ("link", "addr", "route"))
    told = [line for line in monitor.lines
            if line.get("dst") == prefix and line["event"] != "present"]
    if told:
        raise SystemExit(f"counters are told as a change: {told}")
    ip("-6", "route", "replace", prefix, "encap", "seg6local", "action", "End.DX6", "nh6",
       "2001:db8::2", "dev", "v0")
    settle(monitor, "a route that counts no more", ("link", "addr", "route"))
    print(monitor.stop())
    set_forwarding("0")
    for link in ("v0", "w0"):
        ip("link", "del", link)


def expiry_of_a_route(trivet):
    """That a route begins or ceases to expire is a change; that time goes by is none."""
    batch(["link add v0 type veth peer name v1", "link set v1 up", "link set v0 up",
           "addr add 2001:db8::1/64 dev v0 nodad"])
    prefix = "2001:db8:66::/48"
    way = (prefix, "via", "2001:db8::3", "dev", "v0")
    monitor = Monitor(trivet)
    settle(monitor, "before a route expires", ("link", "addr", "route"))
    ip("-6", "route", "add", *way)
    settle(monitor, "a route for ever", ("link", "addr", "route"))
    ip("-6", "route", "replace", *way, "expires", "3000")
    settle(monitor, "a route that expires", ("link", "addr", "route"))
    ip("-6", "route", "replace", *way, "expires", "2000")
    ip("-6", "route", "replace", *way)
    settle(monitor, "a route for ever again", ("link", "addr", "route"))
    told = [(line["event"], "expires" in line) for line in monitor.lines
            if line.get("dst") == prefix]
    if told != [("added", False), ("changed", True), ("changed", False)]:
        raise SystemExit(f"of an expiry is told {told}")
    print(monitor.stop())
    ip("link", "del", "v0")


def set_forwarding(value):
    """IPv6's, of this namespace."""
    with open("/proc/sys/net/ipv6/conf/all/forwarding", "w", encoding="ascii") as forwarding:
        forwarding.write(value)


def churn(trivet, buffer, count):
    """More than the socket's buffer holds, with the monitor stopped or running."""
    make_links()
    make_addresses()
    monitor = Monitor(trivet, "--receive-buffer", str(buffer))
    settle(monitor, "before the churn")
    prefixes = [f"10.{100 + i // 256}.{i % 256}.0/24" for i in range(count)]
    kept = prefixes[:: 3]
    rest = [prefix for prefix in prefixes if prefix not in set(kept)]
    monitor.process.send_signal(signal.SIGSTOP)
    batch([f"route add {prefix} via 10.0.0.77" for prefix in prefixes])
    ip("link", "set", "v0", "mtu", "1300")
    batch([f"route del {prefix}" for prefix in rest])
    ip("addr", "add", "10.55.0.1/24", "dev", "br0")
    monitor.process.send_signal(signal.SIGCONT)
    settle(monitor, "stopped monitor")
    if not monitor.counts.get("overrun"):
        raise SystemExit(f"no overrun was announced: {monitor.counts}")
    if monitor.counts.get("resync_begin") != monitor.counts.get("resync_end"):
        raise SystemExit(f"resyncs do not match: {monitor.counts}")
    if monitor.lines and not any(line.get("lost") for line in monitor.lines):
        raise SystemExit("no overrun says how many events were lost")
    batch([f"route replace {prefix} via 10.0.0.78" for prefix in prefixes]
          + [f"route del {prefix}" for prefix in kept] + ["link set v0 down"])
    settle(monitor, "running monitor")
    ip("link", "del", "v0")
    settle(monitor, "link gone")
    print(monitor.stop())
    ip("link", "del", "br0")


def vlan_storm():
    """Hundreds of VLANs of a bridge and its port come and go: events of links that are none."""
    lines = ["vlan add vid 10-210 dev v1", "vlan add vid 300 dev br0 self pvid untagged",
             "vlan del vid 20-190 dev v1", "vlan del vid 300 dev br0 self", "vlan del vid 10-19 dev v1",
             "link set dev v1 learning off", "link set dev v1 learning on"]
    subprocess.run(["bridge", "-force", "-batch", "-"], input="\n".join(lines) + "\n", text=True,
                   check=False, capture_output=True)


def storm(trivet, options, count, rounds):
    """Bare batches at full rate with links that flap, and rules and nexthops that are replaced;
    the monitor is never stopped. At each quiet point its state is that of iproute2."""
    random = Random(rounds)
    make_links()
    make_addresses()
    nexthops = has_nexthops()
    if nexthops:
        make_nexthops()
    monitor = Monitor(trivet, *options)
    settle(monitor, "before the storm")
    writer = RouteWriter()
    v4 = [(f"10.{100 + i // 256}.{i % 256}.0", 24) for i in range(count)]
    v6 = [(f"2001:db8:{100 + i:x}::", 48) for i in range(count // 8)]
    errors = 0
    for number in range(rounds):
        for place in range(6):
            kind, flags = random.choice([
                (RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL), (RTM_NEWROUTE, NLM_F_CREATE),
                (RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE),
                (RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND), (RTM_DELROUTE, 0)])
            if place == 0:
                kind, flags = RTM_NEWROUTE, NLM_F_CREATE
            gateway = random.randrange(60, 64)
            for prefixes, base in ((v4, "10.0.0."), (v6, "2001:db8::")):
                some = random.sample(prefixes, len(prefixes) * 2 // 3)
                errors += writer.write(kind, flags, [
                    (*prefix, f"{base}{gateway}", random.choice((5, 5, 5, 6))) for prefix in some])
            lines = random.choice([
                ["link set v0 down", "link set v0 up"], ["link set v1 down"], ["link set v1 up"],
                ["link set br0 mtu 1400", "link set br0 mtu 1500"],
                ["addr del 10.0.0.2/24 dev v0", "addr add 10.0.0.2/24 dev v0"],
                ["rule add pref 1000 to 10.0.0.0/8 table 77",
                 "rule del pref 1000 to 10.0.0.0/8 table 77"],
                ["route replace table 77 10.9.0.0/16 via 10.0.0.61"]])
            if random.randrange(4) == 0:
                vlan_storm()
            if nexthops and random.randrange(3) == 0:
                lines = [f"nexthop replace id 1 via 10.0.0.{gateway} dev v0",
                         "nexthop replace id 9 group 1/2", "route replace 10.92.0.0/16 nhid 9"]
            force_batch(lines)
        force_batch(["link set v1 up", "link set v0 up"])
        settle(monitor, f"storm {number}")
    summary = monitor.stop()
    print(f"{' '.join(options) or 'default buffer'}: {errors} requests refused; {summary}")
    if monitor.counts.get("resync_begin") != monitor.counts.get("resync_end"):
        raise SystemExit(f"resyncs do not match: {monitor.counts}")
    writer.close()
    ip("link", "del", "v0")
    ip("link", "del", "br0")
    return monitor.counts


def object_lines(numbers, verbs, nexthops):
    """A rule, a neighbour and a nexthop for each number; a group for every tenth."""
    of_rule, of_neighbour, of_nexthop = verbs
    for i in numbers:
        yield f"rule {of_rule} pref {2000 + i} from 10.{i // 256}.{i % 256}.0/24 table {100 + i % 7}"
        state = " lladdr 02:00:00:00:00:01 nud permanent" if of_neighbour == "replace" else ""
        yield f"neigh {of_neighbour} 10.{200 + i // 256}.{i % 256}.1{state} dev v0"
        if not nexthops:
            continue
        way = f" via 10.0.0.{60 + i % 100} dev v0" if of_nexthop == "replace" else ""
        yield f"nexthop {of_nexthop} id {1000 + i}{way}"
        if i % 10 == 9 and of_nexthop == "replace":
            yield f"nexthop replace id {100000 + i} group {1000 + i - i % 10}/{1000 + i}"


def object_storm(trivet, options, count):
    """Thousands of rules, neighbours, nexthops and their groups at once; a link takes them along."""
    random = Random(count)
    nexthops = has_nexthops()
    make_links()
    make_addresses()
    monitor = Monitor(trivet, *options)
    settle(monitor, "before the storm of objects")
    everything = range(count)
    add, remove = ("add", "replace", "replace"), ("del", "del", "del")
    for name, lines in (
            ("objects added", object_lines(everything, add, nexthops)),
            ("half removed", object_lines(random.sample(everything, count // 2), remove, nexthops)),
            ("half replaced", object_lines(random.sample(everything, count // 2), add, nexthops)),
            ("a link flaps", ["link set v0 down", "link set v0 up"]),
            ("nexthops again", object_lines(everything, add, nexthops))):
        force_batch(list(lines))
        settle(monitor, name)
    for noun in ["rule", "neigh"] + ["nexthop"] * nexthops:
        if len(monitor.objects[noun]) < count // 2:
            raise SystemExit(f"only {len(monitor.objects[noun])} of {noun}")
    if bool(options) != ("overrun" in monitor.counts):
        raise SystemExit(f"overruns with {options or 'the default buffer'}: {monitor.counts}")
    ip("link", "del", "v0")
    settle(monitor, "the link is gone")
    ip("rule", "flush")
    batch(["rule add pref 32766 table main", "rule add pref 32767 table default"])
    settle(monitor, "rules flushed")
    print(f"{' '.join(options) or 'default buffer'}: {monitor.stop()}")
    ip("link", "del", "br0")


def main():
    trivet = os.path.abspath(sys.argv[1])
    os.chdir(os.environ.get("TEST_TMPDIR", "/tmp"))
    rich_state(trivet)
    counters_of_a_route(trivet)
    expiry_of_a_route(trivet)
    # An emulated kernel takes its time.
    count = 3000 if os.environ.get("TRIVET_LAB_KERNEL") == "host" else 800
    churn(trivet, 4096, count)
    churn(trivet, 65536, count)
    count, rounds = (1200, 2) if count == 3000 else (400, 1)
    counts = storm(trivet, ["--receive-buffer", "4096"], count, rounds)
    if not counts.get("overrun"):
        raise SystemExit(f"4 KiB held a storm: {counts}")
    storm(trivet, [], count, rounds)
    objects = 2000 if count == 1200 else 200
    object_storm(trivet, ["--receive-buffer", "4096"], objects)
    object_storm(trivet, [], objects)


if __name__ == "__main__":
    main()
