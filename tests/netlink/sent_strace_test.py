#!/usr/bin/python3
"""What `trivet netlink` sends, as strace(1) decodes it: each line is run, and what strace then says
must be what its words mean, no attribute less and none more. No word of ours is asked.

usage: sent_strace_test.py TRIVET [--print]     --print: what strace says, in the form of the table

The kernel may refuse a line for want of a module: what was sent is the same.
"""
import os
import re
import socket
import struct
import subprocess
import sys
import textwrap

from sent_strace_table import SHORT, TABLE
from strace_calls import attributes_of, bytes_of, is_header, members_of, split, trace

SETUP = """
link set lo up
link add v0 type veth peer name v1
link add v2 type veth peer name v3
link set v0 up
link set v1 up
addr add 10.0.0.1/24 dev v0
addr add 2001:db8::1/64 dev v0 nodad
nexthop add id 1 via 10.0.0.2 dev v0
nexthop add id 3 via 10.0.0.3 dev v0
"""

NLA_F_NESTED, NLA_TYPE_MASK = 0x8000, 0x3fff

# Members of a struct that say nothing.
NOTHING = {"0", "AF_UNSPEC", "ARPHRD_NETROM", "RTN_UNSPEC", "RT_TABLE_UNSPEC", "RT_SCOPE_UNIVERSE",
           "RTPROT_UNSPEC", "NUD_NONE", "FR_ACT_UNSPEC"}


def plain(value):
    """A value of strace's, in one word: addresses and links by what is in the brackets."""
    value = re.sub(r" */\*.*?\*/", "", value)
    value = re.sub(r'(?:inet_addr|if_nametoindex)\("([^"]*)"\)', r"\1", value)
    value = re.sub(r'inet_pton\(AF_INET6, "([^"]*)"(?:, &\w+)?\)', r"\1", value)
    return value.replace(" ", "")


def numbered(path, data):
    """Attributes that strace has no names for: their numbers and bytes."""
    found = []
    while len(data) >= 4:
        size, kind = struct.unpack("=HH", data[:4])
        if not 4 <= size <= len(data):
            break
        name, value = f"{path}.{kind & NLA_TYPE_MASK}", data[4:size]
        nest = numbered(name, value) if kind & NLA_F_NESTED else None
        found += nest or [f"{name}={value.hex()}"]
        data = data[(size + 3) & ~3:]
    return found if not data else None


def words_of(line):
    """The message of a call, as a list of words."""
    header, *parts = split(split(line)[0][1:-1])
    header = dict(members_of(header))
    words = [header["nlmsg_type"], header["nlmsg_flags"]]
    for part in parts:
        if part.startswith('"'):  # struct genlmsghdr and the attributes of a family
            data = bytes_of(part)
            words += [f"cmd={data[0]}", f"version={data[1]}", *numbered("", data[4:])]
        elif part.startswith("{") and not is_header(part):
            for name, value in members_of(part):
                value = plain(value)
                if value.startswith('"\\x'):  # behind a struct that strace knows by another name
                    value = bytes_of(value).hex()
                if value not in NOTHING:
                    words.append(f"{name}={value}")
        else:
            for name, value in attributes_of(part):
                inside = numbered(name, bytes_of(value)) if value.startswith('"\\x') else None
                words += inside or [f"{name}={plain(value)}"]
    return words


def said_by_strace(trivet, line):
    calls, done = trace([trivet, "netlink", *line.split()])
    if done.returncode not in (0, 1):
        raise SystemExit(f"{line}: ended with {done.returncode}: {done.stderr}")
    said = [words_of(call[1]) for call in calls if call[3]]
    # Names of links are looked up before.
    return [words for words in said if words[0] != "RTM_GETLINK" or line.startswith("link")
            and "IFLA_IFNAME" not in words[2]]


def cases():
    """The table: (line, [[word, …] of each message])."""
    found = []
    for row in TABLE.strip().splitlines():
        row = re.sub(r"\$[A-Z_]+", lambda short: SHORT[short[0]], row)
        if not row.startswith(" "):
            found.append((row, []))
        elif row.startswith("      "):
            found[-1][1][-1].extend(row.split())
        else:
            found[-1][1].append(row.split())
    return found


def is_meant(said, meant):
    if len(said) != len(meant):
        return False
    for ours, wanted in zip(said, meant):
        wanted = re.sub(r"@(\w+)", lambda link: str(socket.if_nametoindex(link[1])), wanted)
        wanted = re.sub(r"%(\w+)%", lambda link: struct.pack(
            "=I", socket.if_nametoindex(link[1])).hex(), wanted)
        # A number of this process or this kernel, as a descriptor's.
        if ours != wanted and not (wanted.endswith("=*") and ours.startswith(wanted[:-1])):
            return False
    return True


def main():
    trivet = os.path.abspath(sys.argv[1])
    subprocess.run(["ip", "-batch", "-"], input=SETUP, text=True, check=True)
    subprocess.run(["ip", "netns", "add", "other"], check=True)
    failed, attributes = 0, 0
    for line, meant in cases():
        said = said_by_strace(trivet, line)
        if "--print" in sys.argv:
            print(line)
            for message in said:
                print("   ", " ".join(message[:2]))
                print(textwrap.fill(" ".join(message[2:]), 98, initial_indent=" " * 6,
                                    subsequent_indent=" " * 6, break_long_words=False,
                                    break_on_hyphens=False))
            continue
        attributes += sum(len(message) - 2 for message in meant)
        if len(said) != len(meant) or not all(map(is_meant, said, meant)):
            failed += 1
            print(f"FAILED: {line}\n  strace has {said}\n  and it means {meant}")
    print(f"{len(cases())} lines, {attributes} values, {failed} failed")
    if failed:
        raise SystemExit(1)


main()
