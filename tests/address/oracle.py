#!/usr/bin/python3
"""CPython's socket module, asked line by line: what the tests of the addresses compare with.

Reads a command with tab-separated words from standard input and answers with one line, "ok" and the
words of the answer or "error" and the exception. Addresses travel as Python literals, in which the
constants of the socket module may stand by name; bytes travel as hex.

    encode FAMILY ADDRESS     the bytes that bind would give the kernel (with sockaddr_tap preloaded)
    decode FAMILY HEX         the address that getsockname would give for these bytes (the same)
    open FAMILY TYPE          the rest are real sockets: a number to name it by
    bind N ADDRESS, connect N ADDRESS, listen N, accept N, name N, peer N, close N
    sendto N ADDRESS HEX, recvfrom N, send N HEX, recv N, broadcast N, device N NAME
"""

import ctypes
import os
import socket
import sys

PROTOCOLS = {
    "unix": (socket.AF_UNIX, 0),
    "inet": (socket.AF_INET, 0),
    "inet6": (socket.AF_INET6, 0),
    "netlink": (socket.AF_NETLINK, 2),  # NETLINK_USERSOCK: between programs
    "tipc": (socket.AF_TIPC, 0),
    "packet": (socket.AF_PACKET, 0),
    "bluetooth-hci": (socket.AF_BLUETOOTH, socket.BTPROTO_HCI),
    "bluetooth-l2cap": (socket.AF_BLUETOOTH, socket.BTPROTO_L2CAP),
    "bluetooth-rfcomm": (socket.AF_BLUETOOTH, socket.BTPROTO_RFCOMM),
    "bluetooth-sco": (socket.AF_BLUETOOTH, socket.BTPROTO_SCO),
}
NAMES = {name: value for name, value in vars(socket).items() if name.isupper()}
TIMEOUT = 20  # seconds, so that a lost message ends the test and not the test's time

sockets = []


def read(text):
    """The value of a literal."""
    return eval(text, {"__builtins__": {}}, NAMES)  # pylint: disable=eval-used


def show(address, family):
    """repr, but for a path, of whose bytes repr would show surrogates."""
    if family == socket.AF_UNIX and isinstance(address, str):
        return repr(os.fsencode(address))
    return repr(address)


class Tap:
    """Sockets that think to be of another family, and never ask the kernel."""

    def __init__(self):
        self.library = ctypes.CDLL(os.environ["LD_PRELOAD"]) if "LD_PRELOAD" in os.environ else None
        self.carrier = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def pretend(self, family):
        number, protocol = PROTOCOLS[family]
        return socket.socket(number, socket.SOCK_RAW, protocol, fileno=os.dup(self.carrier.fileno()))

    def encode(self, family, address):
        address = read(address)
        recorded = ctypes.create_string_buffer(256)
        with self.pretend(family) as pretended:
            self.library.trivet_tap_arm(b"", 0)
            try:
                pretended.bind(address)
            finally:
                size = self.library.trivet_tap_disarm(recorded)
        return recorded.raw[:size].hex()

    def decode(self, family, data):
        data = bytes.fromhex(data)
        recorded = ctypes.create_string_buffer(256)
        with self.pretend(family) as pretended:
            self.library.trivet_tap_arm(data, len(data))
            try:
                return show(pretended.getsockname(), pretended.family)
            finally:
                self.library.trivet_tap_disarm(recorded)


def remember(new):
    new.settimeout(TIMEOUT)
    sockets.append(new)
    return str(len(sockets) - 1)


def open_socket(family, kind):
    number, protocol = PROTOCOLS[family]
    return remember(socket.socket(number, getattr(socket, "SOCK_" + kind.upper()), protocol))


def on_socket(command, which, *words):
    """The commands that name a socket by its number."""
    subject = sockets[int(which)]
    if command in ("bind", "connect"):
        getattr(subject, command)(read(words[0]))
    elif command == "listen":
        subject.listen()
    elif command == "close":
        subject.close()
    elif command == "accept":
        connection, peer = subject.accept()
        return remember(connection) + "\t" + show(peer, subject.family)
    elif command == "name":
        return show(subject.getsockname(), subject.family)
    elif command == "peer":
        return show(subject.getpeername(), subject.family)
    elif command == "sendto":
        return str(subject.sendto(bytes.fromhex(words[1]), read(words[0])))
    elif command == "send":
        return str(subject.send(bytes.fromhex(words[0])))
    elif command == "recvfrom":
        data, sender = subject.recvfrom(65536)
        return show(sender, subject.family) + "\t" + data.hex()
    elif command == "recv":
        return subject.recv(65536).hex()
    elif command == "broadcast":
        subject.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    elif command == "device":
        subject.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, words[0].encode())
    else:
        raise LookupError("no command " + command)
    return ""


def main():
    tap = Tap()
    special = {"encode": tap.encode, "decode": tap.decode, "open": open_socket}
    for line in sys.stdin:
        command, *words = line.rstrip("\n").split("\t")
        try:
            if command in special:
                answer = special[command](*words)
            else:
                answer = on_socket(command, *words)
            print("ok\t" + answer, flush=True)
        except Exception as error:  # pylint: disable=broad-except
            print(f"error\t{type(error).__name__}: {error}", flush=True)


main()
