#!/usr/bin/python3
"""The show commands against iproute2: the same objects, keys, values and lines.

usage: show_test.py TRIVET

The state is that of tests/data/netlink/capture_kinds.py: every kind and noun that the kernel has.
What differs on purpose is listed in docs/netlink.md, and taken out here by `accepted`.
"""

import json
import os
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the folder is the source's
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../data/netlink"))

# pylint: disable-next=wrong-import-position,import-error
import capture_kinds

MORE = """
ip rule del priority 1010
ip rule del priority 1002
ip neigh del 2001:db8::23 dev v0
ip link set v0 alias a<name>with"quotes
ip link property add dev v0 altname a-name-longer-than-fifteen-bytes
ip link set v2 group 7
ip addr add 10.7.0.1 peer 10.7.0.2/30 dev v0
ip addr add 10.8.0.1/24 dev v0 label v0:x valid_lft 5000 preferred_lft 4000
ip addr add 10.0.0.99/24 dev v0
ip addr add 10.9.0.1/24 dev v0 metric 77
ip route add 10.44.0.0/16 metric 77 nexthop via 10.0.0.2 weight 3 nexthop dev v2 weight 2
ip route add 10.45.0.0/16 nhid 9
ip route add blackhole 10.46.0.0/16 table 1234 proto bird
ip route add blackhole 10.99.0.0/16 table 77
ip route add 10.47.0.0/16 dev v0 src 10.0.0.1 scope link tos 0x10 realms 3/4
ip -6 route add 2001:db8:40::/48 via 2001:db8::2 expires 3000 pref high
ip -6 route add default via 2001:db8::3 metric 7
ip route add default via 10.0.0.2 metric 900
ip route add 10.43.0.0/16 dev v0 tos 0x10 metric 9
ip route add 10.48.0.0/16 nhid 4
ip -6 route add 2001:db8:43::/48 nhid 22
ip route add 10.49.0.0/16 tos 0x10 encap ip id 7 dst 10.0.0.9 tos 4 dev v0
ip route add 10.50.0.0/16 tos 0x10 encap ip6 id 7 dst 2001:db8::9 tc 4 dev v0
ip nexthop add id 77 encap ip id 78 dst 10.0.0.9 via 10.0.0.2 dev v0
ip -6 route add 2001:db8:44::/48 encap seg6 mode encap segs 2001:db8::9,2001:db8::a hmac 27 dev v0
ip -6 route add 2001:db8:45::/48 encap seg6local action End flavors next-csid lblen 32 nflen 16 dev v0
ip -6 route add 2001:db8:46::/48 encap seg6local action End.DX6 nh6 :: count dev v0
ip rule add tun_id 4294967296 table 7 priority 1103
ip rule add tos 0x10 ipproto 200 suppress_ifgroup 7 table 77 priority 1102
ip rule add from 10.98.0.0/16 realms 5/6 table 7 priority 1100
ip rule add from 10.97.0.0/16 realms 6 table 7 priority 1101
"""

# Each line is asked of both: what shows all that a kernel has, on user-mode-linux, which has most,
# and what the kernel itself chooses by.
QUESTIONS = """
-d link show
-s -s link show
-d -s link show
-o link show
link show type bridge_slave
link show a-name-longer-than-fifteen-bytes
-d link show master br0
link show vrf vr0
-d addr show
-s addr show
-0 -d addr show
route show table all
-d route show
-d -6 route show table all
-s route show
-s -6 route show
-6 route show type blackhole
-d route get 10.45.0.9 fibmatch
route show vrf vr0
-M route show
-M route show 100
route get 10.0.0.9
route get 10.0.0.9 from 10.0.0.1 oif v0
route get 10.0.0.9 fibmatch
-6 route get 2001:db8::9
-br -d -s link show
-br -s addr show
neigh show nud all
-N -d link show
-N -d route show table all
-N -d -6 route show table all
-N -d rule show
-N -d nexthop show
-br neigh show nud all
neigh show proxy
-B neigh show
-6 neigh show nud all
-6 rule show
-d rule show
-d nexthop show
nexthop show fdb
nexthop bucket show
nexthop bucket get id 10 index 7
link show group 7
addr show dev v0 permanent
route show table 1234
route show dev v0
route show proto kernel
route show type blackhole table all
neigh show dev v0
nexthop show dev v0
nexthop show groups
nexthop bucket show nhid 2
netns list
netns list-id
netns list-id nsid 0
"""

# How words are read, and what is chosen by them here, is the same on every kernel: on the host only,
# which is quick.
WORDS = """
link
link show
-s link show
link show up
link show type veth
link show dev v0
link show v0
link show nomaster
addr
-4 addr show
-o addr show
addr show scope link
addr show to 10.0.0.0/8
addr show dev v0 secondary
addr show dev v0 dynamic
addr show up
-0 addr show
-0 -s addr show dev v0
-0 -br addr show
route
-6 route show
-6 route show table all
route show table local
route show root 10.0.0.0/8
route show match 10.2.3.4
route show exact 10.2.0.0/16
route show 10.2.0.0/16
route show default
-6 route show default
route show via 10.0.0.2
route show scope link
route show metric 77
route show tos 0x10
route show realms 3/4
-6 route show 2001:db8:40::/48
-6 route show root 2001:db8::/32 dev v0
route get 127.0.0.1
-br link show
-br link show type veth
-br addr
-br -4 addr show
-br addr show to 10.0.0.0/8
neigh
-N addr show
-N route get 127.0.0.1
-N neigh show nud all
-N -6 rule show
-br neigh show dev v0
neigh show nud permanent nud stale
-4 neigh show
neigh show to 10.0.0.22
neigh show proto bird nud all
rule
rule show lookup main
rule show tun_id 4294967296
rule show from 192.0.2.0/24
rule show iif v0
rule show priority 1005
nexthop
-6 nexthop show
nexthop show id 9
nexthop bucket show id 10
nexthop bucket show dev v0
addr show label v0
addr show label v0:*
-4 addr show label v0*
-o addr show label v0
addr show to 10.8/16
route show all
route show any table all
route show root any table 1234
route show match all
route show root 10.2/15
route show root 0/0
route show match 0/0
route show exact 10.44/16
route get 10.9
route get default
-6 route get any
route get 10.0.0.9 notify
nexthop bucket list nhid 1 id 10
nexthop bucket
nexthop bucket get index 0 id 10

-Numeric route show table local proto kernel
-N rule show lookup main
-p link show
-p -d -s link show
-pretty addr show
-p -br addr show
-p route show table all
-p -d rule show
-p nexthop show
-p netns list
-0 link show
-0 -o addr show
-0 addr show dev v0
-B link show
-B neigh show dev v0
-brief link show up
-br -o addr show
-br -4 link show dev v0
-br route show
-br rule show
-br nexthop show
-br netns list
neigh show to 10/8 nud all
neigh show nud 0x80
neigh show nud 128
neigh show nud 4
neigh get 10.0.0.22 dev v0
neigh get to 2001:db8::22 dev v0
rule show from 192.0.2/24
rule show from all
rule show prio 1005
nexthop get id 9
nexthop show group
link lst
addr lst dev v0
route lst table all
neigh lst nud all
rule lst
nexthop lst
netns lst
-4 -6 route show table all
-6 -4 route show table all
-details link show
-stats link show
-statistics link show
-oneline link show
"""

# An emulated kernel takes its time: there, what has its kinds and encapsulations.
EMULATED = """
-d link show
-s link show
-d addr show
-d route show table all
-d -6 route show table all
-M route show
neigh show nud all
-d rule show
-d nexthop show
"""

# ip(8) has no JSON for it, and ours is that of `neigh show`.
TEXT_ONLY = ("neigh get ",)

# Where the kernel has no such thing both refuse; user-mode-linux has everything.
OPTIONAL = ("-M ", "vrf ", "master br0", "bridge_slave")


def merged(pairs):
    """An object, where an encapsulation repeats keys of its route: see docs/netlink.md."""
    result = {}
    for key, value in pairs:
        of_encap = key in result and "encap" in result
        if key == "tos" and "encap_dst" in result and result["encap"] == "ip":
            of_encap = "encap_tos" not in result  # the route's own comes behind it
        result["encap_" + key if of_encap else key] = value
    return result


def accepted(value):
    """iproute2's answer without what it has by mistake: empty objects for what was not chosen."""
    if isinstance(value, list):
        return [accepted(v) for v in value if v != {}]
    if isinstance(value, dict):
        return {k: accepted(v) for k, v in value.items()}
    return value


MOVING = ("used", "confirmed", "updated", "idle_time", "unbalanced_time", "expires", "gc_timer",
          "hello_timer", "valid_life_time", "preferred_life_time", "stats64", "tcn_timer",
          "topology_change_timer", "message_age_timer", "hold_timer",
          "forward_delay_timer", "age")
COUNTED = ("bytes", "packets", "multicast", "otherhost", "dropped")  # a bridge sends by itself


ATTEMPTS = 5


def addresses_alone(value):
    """Of a link its addresses: the line of the link is ours; see docs/netlink.md."""
    return [{"addr_info": o["addr_info"]} for o in value if o["addr_info"]]


def differences(theirs, ours, path=""):
    if isinstance(theirs, dict) and isinstance(ours, dict):
        keys = [k for k in ours if not (k == "protocol" and "prefixlen" in ours)]
        for key in theirs.keys() | set(keys):
            if key not in theirs:
                yield f"{path}.{key}: we alone have {ours[key]!r}"
            elif key not in keys:
                yield f"{path}.{key}: we lack {theirs[key]!r}"
            elif key in MOVING and not isinstance(theirs[key], dict):
                if abs(float(theirs[key]) - float(ours[key])) > 10:
                    yield f"{path}.{key}: {theirs[key]!r} and {ours[key]!r}"
            elif key in COUNTED and "stats64" in path:
                if abs(theirs[key] - ours[key]) > 5000:
                    yield f"{path}.{key}: {theirs[key]!r} and {ours[key]!r}"
            else:
                yield from differences(theirs[key], ours[key], f"{path}.{key}")
        if [k for k in theirs if k in ours] != [k for k in keys if k in theirs]:
            yield f"{path}: another order: {list(theirs)}, {keys}"
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(theirs) != len(ours):
            yield f"{path}: {len(theirs)} and {len(ours)}: {theirs!r:.400} {ours!r:.400}"
        for index, (one, other) in enumerate(zip(theirs, ours)):
            yield from differences(one, other, f"{path}[{index}]")
    elif theirs != ours or type(theirs) is not type(ours):
        yield f"{path}: {theirs!r} and {ours!r}"


def lines_of(text):
    """The lines in single spaces; what moves is a star, and so are all counters."""
    kept = []
    for line in text.splitlines():
        words = line.split()
        if words and all(word.isdigit() for word in words):
            words = ["*"]
        # IFA_PROTO, which this iproute2 does not know.
        words = [word for i, word in enumerate(words)
                 if not (word.startswith("kernel_")
                         or word == "proto" and i + 1 < len(words)
                         and words[i + 1].startswith("kernel_"))]
        kept.append(" ".join(
            "*" if word.endswith("sec") or i and words[i - 1] in MOVING else word
            for i, word in enumerate(words)))
    return kept


def run(command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def has_everything():
    return os.environ.get("TRIVET_LAB_KERNEL") == "uml"


def compare(trivet, line):
    words = line.split()
    options = [w for w in words if w.startswith("-")]
    rest = [w for w in words if not w.startswith("-")]
    theirs = run(["ip", *options, "-j", *rest])
    ours = run([trivet, "netlink", *rest, *options, "-j"])  # the options behind the verb
    if theirs.returncode or ours.returncode:
        optional = any(part in line for part in OPTIONAL) and not has_everything()
        if optional and theirs.returncode and ours.returncode:
            return [], 0
        return [f"ip: {theirs.returncode} {theirs.stderr} trivet: {ours.returncode} {ours.stderr}"
                ], 0
    got = json.loads(ours.stdout)
    wanted = got if line.startswith(TEXT_ONLY) else accepted(
        json.loads(theirs.stdout or "[]", object_pairs_hook=merged))
    if " label " in line:
        wanted, got = addresses_alone(wanted), addresses_alone(got)
    problems = []
    if " label " in line and any(not o["addr_info"] for o in json.loads(ours.stdout)):
        problems.append("links without an address")
    problems += differences(wanted, got)
    wanted_lines = lines_of(run(["ip", *options, *rest]).stdout)
    got_lines = lines_of(run([trivet, "netlink", *options, *rest]).stdout)
    if " label " in line and "-o" not in options:
        got_lines = [x for x in got_lines if x.startswith(("inet", "valid_lft"))]
    if not got and (has_everything() or not any(part in line for part in OPTIONAL)):
        problems.append("there is nothing to compare")
    if len(wanted_lines) != len(got_lines):
        problems.append(f"{len(wanted_lines)} lines and {len(got_lines)}")
    for one, other in zip(wanted_lines, got_lines):
        if one != other:
            problems.append(f"ip:     {one}\n    trivet: {other}")
    return problems, len(got)


def is_connected(trivet):
    """ip(8) forgets the source address in its second question: it is asked that here."""
    lines = ["route get 10.0.0.9", "route get 10.0.0.9 from 10.0.0.1"]
    wanted = "".join(run(["ip", *line.split()]).stdout for line in lines)
    got = run([trivet, "netlink", *lines[0].split(), "connected"]).stdout
    if lines_of(got) == lines_of(wanted) and wanted:
        return True
    print(f"route get connected: {got!r} and {wanted!r}")
    return False


def is_unassigned(trivet):
    """What is number 0 in the namespace blue is this one, which has no number in itself: iproute2
    calls it blue, which is what goes by 0 here."""
    words = ["netns", "list-id", "target-nsid", "0"]
    wanted = "nsid 0 current-nsid unassigned"
    got = run([trivet, "netlink", *words]).stdout.strip()
    documents = run([trivet, "netlink", "-j", *words]).stdout
    if got == wanted and json.loads(documents) == [{"nsid": 0}]:
        return True
    print(f"{' '.join(words)}: {got!r} and {documents!r}")
    return False


def wait_for_addresses():
    """Until no IPv6 address is being checked for duplicates: at most some seconds."""
    end = time.monotonic() + 60
    while run(["ip", "-6", "addr", "show", "tentative"]).stdout:
        if time.monotonic() > end:
            raise SystemExit("addresses stay tentative")
        time.sleep(0.05)


def main():
    trivet = os.path.abspath(sys.argv[1])
    if not os.path.exists("/dev/net/tun"):
        subprocess.run("mkdir -p /dev/net && mknod /dev/net/tun c 10 200", shell=True, check=False)
    capture_kinds.run(capture_kinds.LINKS)
    capture_kinds.run(capture_kinds.OBJECTS)
    capture_kinds.run(MORE)
    wait_for_addresses()
    failures = objects = 0
    failures += not is_connected(trivet)
    failures += not is_unassigned(trivet)
    kernel = os.environ.get("TRIVET_LAB_KERNEL")
    questions = {"qemu": EMULATED, "uml": QUESTIONS}.get(kernel, QUESTIONS + WORDS)
    for line in filter(None, questions.splitlines()):
        # Something may move between the two: a neighbour, a timer.
        for _ in range(ATTEMPTS):
            problems, count = compare(trivet, line)
            if not problems:
                break
        objects += count
        if problems:
            failures += 1
            print(f"'{line}': {len(problems)} differences")
            for problem in problems[:10]:
                print(f"    {problem}")
        else:
            print(f"ok: {line}: {count} objects")
    print(f"{objects} objects compared")
    if failures or objects < 100:
        raise SystemExit(f"{failures} questions are answered differently")


if __name__ == "__main__":
    main()
