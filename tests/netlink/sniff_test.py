#!/usr/bin/python3
"""`trivet netlink sniff` while programs talk to the kernel: every message, requests paired with
their answers; its file read by tshark and by `trivet netlink decode`."""
import collections
import gzip
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading

TRIVET = sys.argv[1]
FLOOD = 64 << 20  # bytes, twice what the ring holds
MODPROBE = "/proc/sys/kernel/modprobe"


def fail(*what):
    raise SystemExit("\n".join(str(word) for word in what))


def run(*words, check=True, **more):
    return subprocess.run(words, check=check, capture_output=True, text=True, **more)


def nlmon_devices():
    return [link["ifname"] for link in json.loads(run("ip", "-j", "link", "show").stdout or "[]")
            if link["link_type"] == "netlink"]


class Sniff:
    """A run of the command, ready when its device captures."""

    def __init__(self, *words, device="nlmon0"):
        self.process = subprocess.Popen([TRIVET, "netlink", "sniff", *words],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        first = self.process.stderr.readline()
        if first != f"capturing on {device}\n":
            fail("it does not capture:", first, self.process.stderr.read())

    def until(self, wanted):
        """Documents up to the one that is wanted."""
        found = []
        for line in self.process.stdout:
            found.append(json.loads(line))
            if wanted(found[-1]):
                return found
        fail("it ended before what was wanted came:", *found[-5:])

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        # Through the same buffers as until(), which hold what it has not asked for yet.
        deaf = threading.Timer(60, self.process.kill)
        deaf.start()
        out, errors = self.process.stdout.read(), self.process.stderr.read()
        deaf.cancel()
        if self.process.wait(60) != 0:
            fail("it failed:", errors)
        return [json.loads(line) for line in out.splitlines()], errors


def without_module():
    """The kernel has no nlmon, because nobody may load it: said with the cure."""
    with open(MODPROBE, encoding="ascii") as file:
        before = file.read()
    with open(MODPROBE, "w", encoding="ascii") as file:
        file.write("/bin/false\n")
    got = run(TRIVET, "netlink", "sniff", check=False)
    with open(MODPROBE, "w", encoding="ascii") as file:
        file.write(before)
    expected = ("trivet: nlmon device: this kernel has none (load the module with `modprobe nlmon`;"
                " where there is no such module, the kernel was built without CONFIG_NLMON)\n")
    if (got.returncode, got.stdout, got.stderr) != (1, "", expected):
        fail("without the module:", got)


def without_privilege():
    got = run("setpriv", "--reuid=65534", "--clear-groups", TRIVET, "netlink", "sniff", check=False)
    if got.returncode != 1 or "not permitted" not in got.stderr or "CAP_NET_" not in got.stderr:
        fail("without privilege:", got)


def attribute(number, payload):
    return struct.pack("=HH", 4 + len(payload), number) + payload + bytes(-len(payload) % 4)


def send_wrong_attribute():
    """RTM_NEWLINK of a veth whose peer's MTU has two bytes: the kernel names its place."""
    link = bytes(16)
    peer = attribute(1, link + attribute(4, struct.pack("=H", 1400)))
    info = attribute(18, attribute(1, b"veth\0") + attribute(2, peer))
    netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    netlink.setsockopt(270, 11, 1)  # SOL_NETLINK, NETLINK_EXT_ACK
    netlink.send(struct.pack("=IHHII", 32 + len(info), 16, 0x605, 4711, 0) + link + info)
    netlink.recv(65536)


def names(messages):
    return [(m["name"], m["role"]) for m in messages]


def conversation():
    """What `ip` says: questions with their objects, requests with their ends, notifications."""
    sniff = Sniff("-j")
    if nlmon_devices() != ["nlmon0"]:
        fail("there is no device:", nlmon_devices())
    run("ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1")
    run("ip", "addr", "add", "192.0.2.1/24", "dev", "v0")
    run("ip", "link", "set", "v0", "up")
    run("ip", "link", "set", "v1", "up")
    run(TRIVET, "netlink", "route", "show")
    refused = run("ip", "route", "add", "10.9.0.0/16", "via", "9.9.9.9", check=False)
    if refused.returncode == 0:
        fail("the route was not refused")
    send_wrong_attribute()
    messages = sniff.until(lambda m: m["role"] == "acknowledgement" and m["seq"] == 4711)

    by_number = {m["number"]: m for m in messages}
    for message in messages:
        if message.get("flawed"):
            fail("malformed:", message)
        if "answers" in message:
            request = by_number[message["answers"]["number"]]
            if (request["seq"], request["name"]) != (message["seq"], message["answers"]["name"]):
                fail("no pair:", request, message)
        if "end" in message and not 0 <= message["end"]["after"] < 60:
            fail("an end without a time:", message)

    added = next(m for m in messages if m["name"] == "RTM_NEWLINK" and m["role"] == "request"
                 and '"VETH_INFO_PEER"' in json.dumps(m))
    ends = [m for m in messages if m.get("answers", {}).get("number") == added["number"]]
    if len(ends) != 1 or ends[0]["end"]["error"] != 0:
        fail("the veth was not acknowledged once:", ends)

    dump = [m for m in messages if m["role"] == "end_of_dump"
            and m["answers"]["name"] == "RTM_GETROUTE"]
    if not dump or dump[0]["end"]["replies"] < 1:
        fail("no dump of routes:", dump)

    [route] = [m for m in messages if m.get("end", {}).get("errno") == "ENETUNREACH"]
    if route["end"]["message"] != "Nexthop has invalid gateway":
        fail("no reason:", route)
    wrong = messages[-1]["end"]
    if wrong.get("attribute") != ".linkinfo.data.peer.mtu" or not wrong["error"]:
        fail("no attribute:", wrong)

    # Nobody listens, so the kernel sends no notification; with a listener it does.
    if any(m["role"] == "notification" for m in messages):
        fail("a notification that nobody asked for:", names(messages))
    monitor = subprocess.Popen([TRIVET, "netlink", "monitor", "addr"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    messages = sniff.until(lambda m: m["role"] == "end_of_dump"
                           and m["answers"]["name"] == "RTM_GETADDR")
    run("ip", "addr", "add", "192.0.2.9/24", "dev", "v0")
    messages = sniff.until(lambda m: m.get("answers", {}).get("name") == "RTM_NEWADDR")
    # The kernel may also tell that an address of IPv6 is no longer tentative.
    told = [m for m in messages if m["role"] == "notification" and m["name"] == "RTM_NEWADDR"
            and "192.0.2.9" in json.dumps(m)]
    if not told or told[0].get("cause", {}).get("name") != "RTM_NEWADDR":
        fail("no notification, or without its cause:", names(messages))
    monitor.terminate()
    monitor.communicate(timeout=60)
    _, errors = sniff.stop()
    if " 0 dropped by the kernel\n" not in errors or " requests" not in errors:
        fail("no summary:", errors)
    if nlmon_devices():
        fail("the device is still there after SIGINT")


def file():
    """The same messages on the screen, in the file for us, and in the file for tshark."""
    sniff = Sniff("-w", "talk.pcapng", "--print", "-j")
    run("ip", "link", "set", "v0", "mtu", "1300")
    run("ip", "-d", "link", "show")
    run("genl", "ctrl", "list")
    run("ss", "-ta")
    run("ip", "link", "set", "nosuch", "up", check=False)
    run(TRIVET, "netlink", "rule", "show")
    live = sniff.until(lambda m: m["role"] == "end_of_dump"
                       and m["answers"]["name"] == "RTM_GETRULE")
    rest, _ = sniff.stop(signal.SIGTERM)
    live += rest
    if nlmon_devices():
        fail("the device is still there after SIGTERM")

    got = run(TRIVET, "netlink", "decode", "-j", "talk.pcapng")
    stored = [json.loads(line) for line in got.stdout.splitlines()]
    for message in stored:
        message.pop("ended", None)
    # A family that is not captured on its way has its name live alone: sniff asks the kernel.
    if stored != live:
        for one, other in zip(stored, live):
            if one != other:
                fail("the file differs:", one, other)
        fail("the file has another number of messages:", len(stored), len(live))

    # tshark names the types of each protocol otherwise, and shows the header that an error repeats.
    fields = ["netlink.hdr_len", "netlink.hdr_seq", "netlink.hdr_pid"]
    types = ["netlink.hdr_type", "netlink-route.nltype", "genl.family_id",
             "netlink-sock_diag.nltype"]
    words = [word for field in fields + types for word in ("-e", field)]
    table = run("tshark", "-r", "talk.pcapng", "-T", "fields", "-E", "occurrence=a", *words).stdout
    theirs, their_types = [], collections.Counter()
    for row in table.splitlines():
        columns = [[int(word, 0) for word in column.split(",") if word]
                   for column in row.split("\t")]
        theirs += zip(*columns[:len(fields)])
        for column in columns[len(fields):]:
            their_types.update(column)
    ours, our_types = [], collections.Counter()
    for message in live:
        ours.append((message["length"], message["seq"], message["port"]))
        our_types[message["type"]] += 1
        for part in message["parts"]:
            for repeated in part.get("parts", []) if part.get("name") == "nlmsgerr" else []:
                values = {member["name"]: member["value"] for member in repeated.get("parts", [])}
                if values:
                    ours.append((values["nlmsg_len"], values["nlmsg_seq"], values["nlmsg_pid"]))
                    our_types[values["nlmsg_type"]] += 1
    if theirs != ours:
        fail("tshark has:", theirs, "and we have:", ours)
    if their_types != our_types:
        fail("tshark has types:", their_types, "and we have:", our_types)
    return len(ours)


def every_name(message):
    """All names and values in a message, however deep."""
    found = {}
    parts = list(message["parts"])
    while parts:
        part = parts.pop()
        found[part.get("name")] = part.get("value")
        parts += part.get("parts", [])
    return found


def named_by_kind():
    """What the kind decides: options of queueing disciplines, multicast entries, ethtool's messages."""
    sniff = Sniff("-j")
    run("ip", "link", "add", "br0", "type", "bridge")
    run("ip", "link", "set", "v1", "master", "br0")
    run("ip", "link", "set", "br0", "up")
    run("tc", "qdisc", "add", "dev", "v0", "root", "fq_codel", "limit", "77")
    run("tc", "qdisc", "replace", "dev", "v0", "root", "netem", "delay", "10ms")
    run("bridge", "mdb", "add", "dev", "br0", "port", "v1", "grp", "239.1.1.1", "permanent")
    run("bridge", "mdb", "show")
    run("ethtool", "-k", "v0")
    messages = sniff.until(lambda m: m["name"] == "ethtool ETHTOOL_MSG_FEATURES_GET_REPLY")
    sniff.stop(signal.SIGHUP)  # as when a terminal is closed
    if nlmon_devices():
        fail("the device is still there after SIGHUP")
    wanted = [("RTM_NEWQDISC", "TCA_FQ_CODEL_LIMIT", 77),
              ("RTM_NEWQDISC", "latency", 10 * 1000 * 1000 // 64),
              ("RTM_NEWMDB", "MDBA_SET_ENTRY", None),
              ("RTM_GETMDB", "MDBA_MDB_EATTR_TIMER", 0),
              ("ethtool ETHTOOL_MSG_FEATURES_GET", "ETHTOOL_A_HEADER_DEV_NAME", "v0"),
              ("ethtool ETHTOOL_MSG_FEATURES_GET_REPLY", "ETHTOOL_A_BITSET_NOMASK", None)]
    for name, attribute_name, value in wanted:
        found = [every_name(m) for m in messages if m["name"] == name and not m.get("flawed")]
        if not any(attribute_name in names and (value is None or names[attribute_name] == value)
                   for names in found):
            fail(f"no {attribute_name} {value} in any {name}:", *found)


def existing_device():
    """A device that is there is used, and left there."""
    run("ip", "link", "add", "watch", "type", "nlmon")
    run("ip", "link", "set", "watch", "up")
    sniff = Sniff("-c", "1", "-j", device="watch")
    run("ip", "link", "show")
    out, errors = sniff.process.communicate(timeout=60)
    if len(out.splitlines()) != 1 or "1 packets captured" not in errors:
        fail("-c 1:", out, errors)
    named = Sniff("--dev", "watch", "-j", device="watch")
    named.stop()
    if nlmon_devices() != ["watch"]:
        fail("the device of others was removed:", nlmon_devices())
    run("ip", "link", "del", "watch")
    got = run(TRIVET, "netlink", "sniff", "--dev", "watch", check=False)
    if got.returncode != 1 or "interface watch: No such device" not in got.stderr:
        fail("a device that there is not:", got)


def two_at_once():
    """Each has a device of its own: the other one's goes with the other."""
    first = Sniff("-j")
    second = Sniff("-j", device="nlmon1")
    first.stop()
    run("ip", "link", "set", "v0", "mtu", "1305")
    second.until(lambda m: m["role"] == "acknowledgement" and m["answers"]["name"] == "RTM_NEWLINK"
                 and m["end"]["error"] == 0)
    second.stop()
    if nlmon_devices():
        fail("there are devices still:", nlmon_devices())


def loss_at_the_end():
    """What was lost behind the last message is told behind it, and all that was lost is."""
    sniff = Sniff("-j")
    sniff.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, sniff.process.pid, os.WSTOPPED | os.WNOWAIT)
    one, other = (socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_USERSOCK)
                  for _ in range(2))
    other.bind((0, 0))
    size = 32768
    for number in range(FLOOD // size):
        one.sendto(struct.pack("=IHHII", size, 99, 0, number, 0) + bytes(size - 16),
                   other.getsockname())
        other.recv(size)
    sniff.process.send_signal(signal.SIGINT)
    sniff.process.send_signal(signal.SIGCONT)
    documents, errors = sniff.stop()
    if "event" not in documents[-1]:
        fail("nothing is said of what was lost at the end:", documents[-1], errors)
    lost = sum(document["count"] for document in documents if "event" in document)
    if f" {lost} dropped by the kernel" not in errors or lost == 0:
        fail(f"{lost} are told as lost:", errors)


def wrong_input():
    """A device that no messages pass, and a folder for a capture."""
    got = run(TRIVET, "netlink", "sniff", "--dev", "lo", check=False)
    if (got.returncode, got.stdout) != (1, "") or "lo: this is no nlmon device" not in got.stderr:
        fail("a device of another kind:", got)
    got = run(TRIVET, "netlink", "decode", "/", check=False)
    if (got.returncode, got.stdout, got.stderr) != (1, "", "trivet: read /: Is a directory\n"):
        fail("a folder:", got)
    for words in (["-c", "-1"], ["--dev", ""], ["-w", ""]):
        got = run(TRIVET, "netlink", "sniff", *words, check=False, timeout=60)
        if got.returncode != 2 or not ("empty" in got.stderr or "less than 0" in got.stderr):
            fail("sniff", words, got)
    got = run(TRIVET, "netlink", "decode", "00" * 200, check=False)
    if "no such file" in got.stderr or "too long" in got.stderr or "malformed" not in got.stderr:
        fail("digits that are longer than the name of a file may be:", got)
    with open("talk.gz", "wb") as packed:
        packed.write(gzip.compress(b"anything"))
    got = run(TRIVET, "netlink", "decode", "talk.gz", check=False)
    if got.returncode != 1 or "zcat" not in got.stderr:
        fail("a file of gzip:", got)
    # A section, and an interface of Ethernet behind that of netlink.
    blocks = struct.pack("=IIIHHqI", 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0, -1, 28)
    for kind in (253, 1):
        blocks += struct.pack("=IIHHII", 1, 20, kind, 0, 65535, 20)
    with open("mixed.pcapng", "wb") as mixed:
        mixed.write(blocks)
    got = run(TRIVET, "netlink", "decode", "mixed.pcapng", check=False)
    if got.returncode != 1 or "editcap" not in got.stderr:
        fail("interfaces of two types:", got)
    swapped = struct.pack(">IHHIIBBHiII", 32, 18, 0x301, 1, 0, 0, 0, 0, 0, 0, 0).hex()
    got = run(TRIVET, "netlink", "decode", swapped, check=False)
    if got.returncode != 1 or "other byte order" not in got.stderr:
        fail("the other byte order:", got)


def main():
    without_module()
    without_privilege()
    conversation()
    count = file()
    named_by_kind()
    existing_device()
    two_at_once()
    loss_at_the_end()
    wrong_input()
    text = run(TRIVET, "netlink", "decode", "talk.pcapng").stdout
    for wanted in ("> NETLINK_ROUTE RTM_NEWLINK NLM_F_REQUEST|NLM_F_ACK ", "nlctrl CTRL_CMD_GETFAMILY",
                   ": ENODEV after ", "SOCK_DIAG_BY_FAMILY"):
        if wanted not in text:
            fail(f"the text lacks {wanted}:", text[:4000])
    print(f"{count} messages in the file")


main()
