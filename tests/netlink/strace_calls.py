"""What strace(1) says of netlink: its calls, and the messages and attributes in them."""
import re
import subprocess
import tempfile

TRACE = ["strace", "-f", "-v", "-s", "65536", "-e", "trace=socket,sendmsg,sendto,recvmsg,recvfrom",
         "-e", "signal=none", "-e", "read=all", "-e", "write=all", "-o"]


def calls_of(text):
    """The calls of a trace: (protocol, line, bytes, whether it sends)."""
    protocols, found, line, begins = {}, [], None, False
    for row in text.splitlines():
        row = re.sub(r"^\d+ +", "", row)
        opened = re.match(r"socket\(AF_NETLINK, [^,]*, (NETLINK_\w+)\) = (\d+)", row)
        if opened:
            protocols[opened[2]] = opened[1]
        called = re.match(r"(send|recv)\w+\((\d+), (.*)", row)
        if called:
            line, begins = called, row.startswith("sendto(")
        dumped = re.match(r" \| [0-9a-f]+ +((?:[0-9a-f]{2} {1,2})+)", row)
        # sendmsg(2) and recvmsg(2) have a row for each buffer before its bytes, sendto(2) has none.
        if line and (row.startswith(" * ") or dumped and begins):
            found.append([protocols.get(line[2]), line[3], "", line[1] == "send"])
            begins = False
        if dumped and found:
            found[-1][2] += dumped[1].replace(" ", "")
    return [call for call in found if call[0]]


def trace(argv):
    """Runs a program, which may fail. @return (its calls, what it ended with)"""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8", errors="replace") as file:
        done = subprocess.run([*TRACE, file.name, *argv], capture_output=True, text=True,
                              check=False)
        return calls_of(file.read()), done


def split(text):
    """The parts of a list that commas separate, but of no list inside."""
    parts, depth, quoted, start, at = [], 0, False, 0, 0
    while at < len(text):
        if quoted:
            if text[at] == "\\":
                at += 1
            quoted = text[at] != '"' or text[at - 1] == "\\"
        elif text[at] == '"':
            quoted = True
        elif text[at] in "[{(":
            depth += 1
        elif text[at] in ")}]":
            depth -= 1
        elif text[at] == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
        at += 1
    return parts + [text[start:].strip()] if text[start:].strip() else parts


def members_of(text):
    """A struct "{a=1, b=2}": its members."""
    return [part.partition("=")[::2] for part in split(text[1:-1])]


def bytes_of(text):
    r"""A string "\x01\x00": its bytes."""
    return bytes(int(word, 16) for word in re.findall(r"\\x([0-9a-f]{2})", text))


def is_header(text):
    return text.startswith("{nla_len=")


def attributes_of(text, path=""):
    """Attributes as (path, value): a nest that strace does not know is its bytes."""
    if not text.startswith("["):
        if is_header(text):  # nothing but a header: a flag
            return [(path + members_of(text)[1][1], "")]
        return []
    parts = split(text[1:-1])
    if not is_header(parts[0]) or len(parts) == 1 or is_header(parts[1]):
        return [pair for part in parts for pair in attributes_of(part, path)]
    name = path + members_of(parts[0])[1][1]
    value = parts[1]
    if re.match(r"\[*\{nla_len=", value):
        return attributes_of(value, name + ".")
    if re.match(r"\[+\{rtnh_len=", value):
        return hops_of(value, name)
    return [(name, re.sub(r" */\*.*?\*/", "", value))]


def hops_of(text, name):
    """An array of several struct rtnexthop, each with its attributes behind it."""
    found = []
    for number, hop in enumerate(split(text[1:-1])):
        header, *attributes = split(hop[1:-1]) if hop.startswith("[") else [hop]
        found += [(f"{name}[{number}].{key}", value) for key, value in members_of(header)[1:]]
        for attribute in attributes:
            found += attributes_of(attribute, f"{name}[{number}].")
    return found
