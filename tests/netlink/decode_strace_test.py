#!/usr/bin/python3
"""`trivet netlink decode` beside strace(1): the same bytes, and the same names of messages, flags,
attributes and values. What strace says and we do not is a failure; that we say more than strace
is fine. The comparison itself says where the two differ on purpose."""
import json
import re
import subprocess
import sys

from strace_calls import trace

SETUP = """
link add v0 type veth peer name v1
link set v0 up
link set v1 up
addr add 192.0.2.1/24 dev v0
nexthop add id 1 via 192.0.2.2 dev v0
nexthop add id 2 via 192.0.2.3 dev v0
"""

COMMANDS = """
ip link add v2 type veth peer name v3
ip link set v0 mtu 1400 alias uplink
ip link add br0 type bridge vlan_filtering 1
ip link set v1 master br0
ip -d link show
ip addr add 10.0.0.1/24 dev v0 valid_lft 900 preferred_lft 800
ip addr add 2001:db8::1/64 dev v0 nodad
ip addr show
ip route add 198.51.100.0/24 nexthop via 192.0.2.7 weight 3 nexthop via 192.0.2.8
ip route add 203.0.113.0/24 via 192.0.2.9 metric 5 mtu lock 1400 advmss 1200
ip route add blackhole 203.0.113.0/25 table 77
ip route add 2001:db8:10::/48 via 2001:db8::99 pref high
ip route show table all
ip route get 198.51.100.7
ip route del 203.0.113.0/24
ip neigh add 192.0.2.5 lladdr 02:00:00:00:00:05 dev v0
ip neigh show
ip rule add from 192.0.2.0/24 table 77 priority 100
ip rule add fwmark 7 iif v0 ipproto tcp dport 80 table 78
ip rule show
ip nexthop add id 9 group 1/2,3
ip nexthop show
ip netconf show
ip link set nosuch up
ip route add 10.9.0.0/16 via 9.9.9.9
ss -tan
ss -xan
genl ctrl get name nlctrl
genl ctrl policy name nlctrl
tc qdisc show
bridge vlan show
bridge vlan global show
ip xfrm state list
ip xfrm policy list
ip xfrm state deleteall
"""

def tokens_of_strace(line):
    """Types of messages and attributes with their flags, in order, and all other constants."""
    found = []
    # ip sends the whole of its buffer, also what is behind the message.
    line = re.sub(r", \{nlmsg_len=0, .*", "", line)
    for word in re.finditer(r"(nlmsg_type|nlmsg_flags|nla_type)=([^,}]+)", line):
        found.append((word[1], word[2]))
    rest = re.sub(r"(nlmsg_type|nlmsg_flags|nla_type|sa_family)=[^,}]+", "", line)
    rest = re.sub(r"/\*.*?\*/", "", rest.split("], iov_len=")[0])
    rest = re.sub(r"\[[A-Z0-9_]+(-1)?\]=", "", rest)  # settings by place
    rest = re.sub(r'"(?:[^"\\]|\\.)*"', "", rest)
    rest = re.sub(r"(htonl?s?|inet_pton|inet_addr|if_nametoindex|makedev)\((AF_\w+)?", "", rest)
    return found, set(re.findall(r"\b(?!MSG_)[A-Z][A-Z0-9]*_[A-Z0-9_]+\b", rest))


def tokens_of_trivet(message):
    found = [("nlmsg_type", message["name"], message["type"]),
             ("nlmsg_flags", "|".join(message["flags"]) or "0", None)]
    constants = set()

    def walk(parts):
        for part in parts:
            meaning = part.get("meaning", "")
            if part.get("name") in ("nlmsg_type", "nlmsg_flags"):
                found.append((part["name"], meaning or str(part["value"]), part["value"]))
            elif part["kind"] == "attribute":
                found.append(("nla_type", part.get("name", "?"), part["type"],
                              part.get("nested", False)))
            if part["kind"] != "flaw":
                constants.update(re.findall(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b", meaning))
            walk(part.get("parts", []))

    walk(message["parts"])
    return found, constants


def same(theirs, ours):
    kind, word = theirs
    if kind != ours[0]:
        return False
    word = word.strip()
    if kind == "nlmsg_flags":
        names, numbers = set(word.split("|")), 0
        # To strace the upper flags of other protocols are numbers.
        if "0x300" in names:
            names = names - {"0x300"} | {"NLM_F_DUMP"}
        return names == set(ours[1].split("|")) or numbers
    if kind == "nlmsg_type":
        if word == "nlctrl":  # the family alone
            return ours[1].startswith("nlctrl ")
        return word == ours[1] or word.split()[0] == hex(ours[2])
    nested = "NLA_F_NESTED|" in word
    word = word.replace("NLA_F_NESTED|", "")
    if "???" in word or re.match(r"0x|\d", word):  # unknown to strace
        return int(word.split()[0], 0) == ours[2]
    return word == ours[1] and (not nested or ours[3])


def main():
    trivet = sys.argv[1]
    subprocess.run(["ip", "-batch", "-"], input=SETUP, text=True, check=True)
    problems, compared, ours_alone, calls = [], 0, 0, 0
    for command in filter(None, COMMANDS.splitlines()):
        found, _ = trace(command.split())
        if not found:
            raise SystemExit(f"{command}: strace shows no netlink")
        for protocol, line, data, _ in found:
            calls += 1
            run = subprocess.run([trivet, "netlink", "decode", "-", "-j", "--protocol", protocol],
                                 input=data, capture_output=True, text=True, check=True)
            messages = [json.loads(row) for row in run.stdout.splitlines()]
            theirs, constants = tokens_of_strace(line)
            ours, meant = [], set()
            for message in messages:
                if message.get("flawed"):
                    problems.append(f"{command}: malformed: {message}")
                tokens, words = tokens_of_trivet(message)
                ours += tokens
                meant |= words
            place = 0
            for word in theirs:
                start = place
                while place < len(ours) and not same(word, ours[place]):
                    place += 1
                if place == len(ours):
                    problems.append(f"{command}: strace has {word}, and we from there on "
                                    f"{ours[start:start + 3]}")
                    break
                ours_alone += place - start
                place += 1
                compared += 1
            # A set of states: strace has 1<<TCP_LISTEN.
            meant |= {word.replace("TCPF_", "TCP_") for word in meant}
            constants -= {"NUD_NONE"}  # no flag is set: 0 here
            for constant in sorted(constants - meant):
                problems.append(f"{command}: strace has the value {constant}")
            compared += len(constants & meant)
    for problem in sorted(set(problems)):
        print(problem)
    print(f"{calls} datagrams, {compared} names as strace has them, {ours_alone} that it has not")
    if problems or compared < 1000:
        raise SystemExit(1)


main()
