#!/usr/bin/python3
"""`trivet netlink conntrack` beside conntrack(8): the same lines for the same traffic.

usage: conntrack_test.py TRIVET

The traffic is that of tests/data/netlink/capture_conntrack.py. JSON is compared with what
`conntrack -o xml` says.
"""

import fcntl
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import xml.etree.ElementTree as xml

sys.dont_write_bytecode = True  # the folder is the source's
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../data/netlink"))

# pylint: disable-next=wrong-import-position,import-error
import capture_conntrack

NETLINK_NETFILTER = 12
FLOOD = 2000


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def expect(ours, theirs, what):
    if ours != theirs:
        raise SystemExit(f"{what}:\n{ours!r}\ninstead of\n{theirs!r}")


def listeners():
    """How many sockets of NETLINK_NETFILTER are in groups."""
    with open("/proc/net/netlink", encoding="ascii") as table:
        rows = [line.split() for line in table][1:]
    return sum(int(row[1]) == NETLINK_NETFILTER and int(row[3], 16) != 0 for row in rows)


def start_peer(*options):
    """conntrack -E, once it listens."""
    before = listeners()
    peer = subprocess.Popen(["conntrack", "-E", *options], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, bufsize=0)
    end = time.monotonic() + 30
    while listeners() == before:
        if time.monotonic() > end or peer.poll() is not None:
            raise SystemExit("conntrack -E does not listen")
    return peer


def start_ours(trivet, *options, before=()):
    ours = subprocess.Popen([trivet, "netlink", *before, "conntrack", *options],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
    if ours.stderr.readline() != b"listening\n":
        raise SystemExit(f"it does not listen: {ours.stderr.read()}")
    return ours


BUFFERS = {}


def try_line(process, seconds):
    """One line; None where there is none for so long."""
    file = process.stdout.fileno()
    buffer = BUFFERS.setdefault(file, bytearray())
    while b"\n" not in buffer:
        if not select.select([file], [], [], seconds)[0]:
            return None
        piece = os.read(file, 1 << 16)
        if not piece:
            raise SystemExit(f"it ended: {process.stderr and process.stderr.read()}")
        buffer += piece
    end = buffer.index(b"\n") + 1
    line = bytes(buffer[:end])
    del buffer[:end]
    return line.decode()


def read_line(process):
    line = try_line(process, 60)
    if line is None:
        raise SystemExit("no more events")
    return line


def read_until(process, is_last):
    """Its lines up to that one."""
    lines = [read_line(process)]
    while not is_last(lines[-1]):
        lines.append(read_line(process))
    return lines


def stop(process):
    BUFFERS.pop(process.stdout.fileno(), None)
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)
    expect((process.returncode, rest), (0, b""), f"its end {errors}")
    return errors.decode()


def last_word(port):
    """A connection that tells that all before it has been told."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"x", ("127.0.0.1", port))


def without_moving(line):
    """The program's name, which only conntrack(8) guesses; and how long the entry lives."""
    line = re.sub(r" progname=\S+", "", line)
    return re.sub(r"delta-time=\d+", "delta-time=*", line).rstrip()


def without_timeout(line):
    return re.sub(r"^(\S+ +\d+) \d+", r"\1 *", without_moving(line))


def number(text):
    return int(text, 0)


def direction_of_xml(meta):
    """What the XML of one direction says, in the keys of our JSON."""
    layer3, layer4 = meta.find("layer3"), meta.find("layer4")
    found = {"src": layer3.findtext("src"), "dst": layer3.findtext("dst")}
    for key in ("sport", "dport", "srckey", "dstkey"):
        if layer4.find(key) is not None:
            found[key] = number(layer4.findtext(key))
    counters = meta.find("counters")
    if counters is not None:
        for key in ("packets", "bytes"):
            found[key] = number(counters.findtext(key))
    if meta.find("zone") is not None:
        found["zone"] = number(meta.findtext("zone"))
    return found


def flow_of_xml(flow):
    metas = {meta.get("direction"): meta for meta in flow.findall("meta")}
    layer3, layer4 = metas["original"].find("layer3"), metas["original"].find("layer4")
    found = {"l3proto": layer3.get("protoname"), "l4proto": layer4.get("protoname"),
             "protonum": int(layer4.get("protonum")),
             "original": direction_of_xml(metas["original"]),
             "reply": direction_of_xml(metas["reply"])}
    rest = metas["independent"]
    for key in ("mark", "use", "id", "zone"):
        if rest.find(key) is not None:
            found[key] = number(rest.findtext(key))
    if found["l4proto"] == "tcp":  # of SCTP the XML has the name of TCP's state of that number
        found["state"] = rest.findtext("state")
    times = rest.find("timestamp")
    if times is not None:
        found.update({key.tag: int(key.text) for key in times})
    found["assured"] = rest.find("assured") is not None
    found["unreplied"] = rest.find("unreplied") is not None
    return found


def flow_of_json(flow):
    """The same of ours, without what the XML leaves out."""
    found = {key: flow[key] for key in ("l3proto", "l4proto", "protonum", "mark", "use", "id",
                                        "zone", "start", "stop") if key in flow}
    if found["l4proto"] == "tcp":
        found["state"] = flow["state"]
    for key in ("original", "reply"):
        found[key] = {k: v for k, v in flow[key].items() if k not in ("type", "code", "id")}
    found["assured"] = "assured" in flow["status"]
    found["unreplied"] = "seen_reply" not in flow["status"]
    return found


def by_id(flows):
    return {flow["id"]: flow for flow in flows}


def compare_events(trivet):
    peer, ours = start_peer(), start_ours(trivet)
    json_ours = start_ours(trivet, "-j", "-p", "udp", "-f", "ipv4", "-e", "NEW")
    stamped = start_ours(trivet, "-p", "udp", "-e", "NEW", before=["-4", "-ts"])
    kept = capture_conntrack.talk()
    last_word(9999)
    is_last = lambda line: "dport=9999" in line
    theirs = [without_moving(line) for line in read_until(peer, is_last)]
    lines = [without_moving(line) for line in read_until(ours, is_last)]
    expect(lines, theirs, "events")
    news = [line for line in theirs if "[NEW] udp " in line and "src=127." in line]
    documents = [json.loads(line) for line in read_until(json_ours, lambda l: '"dport":9999' in l)]
    expect([(d["event"], d["l4proto"], d["original"]["dport"]) for d in documents],
           [("new", "udp", int(re.search(r"dport=(\d+)", line)[1])) for line in news], "-j -p -f -e")
    stop(json_ours)
    for line in read_until(stamped, is_last):
        if not re.match(r"\[\d+\.\d{6}\]\t *\[[A-Z]+\] udp .* src=[\d.]+ ", line):
            raise SystemExit(f"-4 -ts: {line}")
    stop(stamped)
    if not any("ESTABLISHED" in line for line in theirs):
        raise SystemExit("no TCP connection was tracked")
    return kept, peer, ours, len(theirs)


def compare_table(trivet):
    """-L is asked before and after, so that an entry that changes meanwhile is told from a slip."""
    count = 0
    for before_verb, ours, theirs in (([], [], []), ([], ["-f", "v6"], ["-f", "ipv6"]),
                                      (["-6"], [], ["-f", "ipv6"]), (["-4"], [], ["-f", "ipv4"]),
                                      ([], ["-p", "tcp"], ["-p", "tcp"])):
        for _ in range(5):
            before = sorted(map(without_timeout, run("conntrack", "-L", *theirs).stdout.splitlines()))
            got = run(trivet, "netlink", *before_verb, "conntrack", "--dump", *ours)
            lines = sorted(map(without_timeout, got.stdout.splitlines()))
            if lines == before:
                break
        expect(lines, before, f"{before_verb} --dump {ours} {got.stderr}")
        count += len(lines)
    for _ in range(5):  # an entry may end between the two questions
        flows = json.loads(run(trivet, "netlink", "conntrack", "--dump", "-j").stdout)
        document = run("conntrack", "-L", "-o", "xml,id,ktimestamp").stdout
        theirs = by_id(map(flow_of_xml, xml.fromstring(document)))
        if set(theirs) == {flow["id"] for flow in flows}:
            break
    expect(sorted(flow["id"] for flow in flows), sorted(theirs), "--dump -j")
    for flow in flows:
        expect(flow_of_json(flow), theirs[flow["id"]], "--dump -j and conntrack -o xml")
    helped = "helper=ftp" in run("conntrack", "-L").stdout  # user-mode-linux lacks nft's helpers
    expect({f["original"]["dport"] for f in flows if f.get("helper") == "ftp"},
           {21} if helped else set(), "helpers")
    icmp = [f["original"] for f in flows if f["l4proto"].startswith("icmp")]
    expect(sorted((f["type"], f["code"]) for f in icmp), [(8, 0), (128, 0)], "ICMP")
    if any(f.get("labels") not in (None, [5]) for f in flows):
        raise SystemExit(f"labels: {flows}")
    return count


def compare_removal(peer, ours):
    run("conntrack", "-F")
    last_word(9998)
    is_last = lambda line: "dport=9998" in line and "NEW" in line
    theirs = [without_moving(line) for line in read_until(peer, is_last)]
    lines = [without_moving(line) for line in read_until(ours, is_last)]
    expect(sorted(lines), sorted(theirs), "removals")
    if not any("[DESTROY] tcp" in line and "[USERSPACE] portid=" in line for line in lines):
        raise SystemExit("".join(lines))


def lose_events(trivet):
    """While it is stopped more happens than its socket has room for."""
    ours = start_ours(trivet, "-j", "--receive-buffer", "65536")
    ours.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, ours.pid, os.WSTOPPED | os.WNOWAIT)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for turn in range(FLOOD):
            out.sendto(b"x", (f"127.0.{turn >> 7}.{turn & 127}", 9))
    ours.send_signal(signal.SIGCONT)
    lines = read_until(ours, lambda line: "overrun" in line)
    lost = json.loads(lines[-1])
    # What comes while the socket is full is lost as well; then it goes on as before.
    after = 0
    while '"dport":9997' not in lines[-1]:
        line = try_line(ours, 0.1)
        if line is None:
            last_word(9997)
            after += 1
        else:
            lines.append(line)
        if after > 100:
            raise SystemExit("nothing comes after the loss")
    told, missed = count(lines)
    while told + missed < FLOOD + after:  # the answer to a later question may be under way
        line = try_line(ours, 5)
        if line is None:
            break
        lines.append(line)
        told, missed = count(lines)
    errors = stop(ours)
    if lost["lost"] < 1 or " overrun" not in errors:
        raise SystemExit(f"{lost} {errors}")
    expect(told + missed, FLOOD + after, "events told and lost")
    return missed, told


def lose_twice(trivet):
    """What comes before all has been read that waits is lost as well, without another error: it is
    said, too, and behind what is older."""
    ours = start_ours(trivet, "-j", "-e", "NEW", "--receive-buffer", "65536")
    fcntl.fcntl(ours.stdout.fileno(), fcntl.F_SETPIPE_SZ, 4096)
    sent = 0

    def flood(turns):
        nonlocal sent
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            for _ in range(turns):
                out.sendto(b"x", (f"127.1.{sent >> 7}.{sent & 127}", 9))
                sent += 1

    flood(FLOOD)  # it waits for the pipe, and then has the error, and waits again
    lines = [read_line(ours) for _ in range(40)]
    flood(200)
    while '"dport":9996' not in lines[-1]:
        line = try_line(ours, 0.3)
        if line is None:
            last_word(9996)
            sent += 1
        else:
            lines.append(line)
    told, missed = count(lines)
    while told + missed < sent and (line := try_line(ours, 5)) is not None:
        lines.append(line)
        told, missed = count(lines)
    stop(ours)
    expect(told + missed, sent, "events told and lost")
    heard = [document["original"]["dst"] if document["event"] == "new" else document["lost"]
             for document in map(json.loads, lines)]
    expected = [f"127.1.{turn >> 7}.{turn & 127}" for turn in range(FLOOD + 200)]
    place = 0
    for one in heard:
        if isinstance(one, int):
            place += one
        elif place < len(expected):
            expect(one, expected[place], "where events are missing")
            place += 1
    return missed


def end_with_much_unread(trivet):
    """What waits when it is told to stop is printed, and what was lost said."""
    ours = start_ours(trivet, "-j", "-e", "NEW", "--receive-buffer", "65536")
    ours.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, ours.pid, os.WSTOPPED | os.WNOWAIT)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for turn in range(FLOOD):
            out.sendto(b"x", (f"127.2.{turn >> 7}.{turn & 127}", 9))
    ours.send_signal(signal.SIGTERM)
    ours.send_signal(signal.SIGCONT)
    output, errors = ours.communicate(timeout=60)
    told, missed = count(output.decode().splitlines())
    expect((told + missed, told > 0, missed > 0), (FLOOD, True, True), "told at the end")
    expect(errors.decode(), f"{told} new, 0 updated, 0 destroyed, 1 overrun ({missed} lost)\n",
           "the end")


def count(lines):
    """How many events the lines tell of, and how many they say are lost."""
    documents = [json.loads(line) for line in lines]
    return (sum(document["event"] == "new" for document in documents),
            sum(document.get("lost", 0) for document in documents))


def refuse(trivet):
    """Words that mean nothing, and a user who may not."""
    for words in (["-f", "v5"], ["-p", "nosuch"], ["-e", "OLD"]):
        got = run(trivet, "netlink", "conntrack", *words)
        expect((got.returncode, got.stdout), (2, ""), f"{words}")
    for words in ([], ["--dump"]):
        got = run("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--reuid=65534",
                  "--clear-groups", trivet, "netlink", "conntrack", *words)
        expect((got.returncode, got.stdout, got.stderr),
               (1, "", "trivet: conntrack: needs CAP_NET_ADMIN in the network namespace "
                       "(run as root)\n"), f"{words} without privilege")


def main():
    trivet = os.path.abspath(sys.argv[1])
    capture_conntrack.prepare()
    refuse(trivet)
    kept, peer, ours, events = compare_events(trivet)
    entries = compare_table(trivet)
    compare_removal(peer, ours)
    peer.kill()
    peer.communicate()
    summary = stop(ours)
    if not re.fullmatch(r"\d+ new, \d+ updated, \d+ destroyed\n", summary):
        raise SystemExit(summary)
    del kept
    lost, told = lose_events(trivet)
    lose_twice(trivet)
    end_with_much_unread(trivet)
    print(f"{events} events and {entries} entries compared; {lost} events lost, {told} told")


main()
