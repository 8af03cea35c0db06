"""Routes by bare netlink messages, hundreds in a send: as fast as a script can change them."""

import os
import socket
import struct

RTM_NEWROUTE, RTM_DELROUTE, RTM_NEWNEXTHOP = 24, 25, 104
NLM_F_REQUEST, NLM_F_ACK = 0x1, 0x4
NLM_F_REPLACE, NLM_F_EXCL, NLM_F_CREATE, NLM_F_APPEND = 0x100, 0x200, 0x400, 0x800
NLMSG_ERROR = 2
MOST = 256  # in a send


def attribute(number, data):
    return struct.pack("=HH", 4 + len(data), number) + data + bytes(-len(data) % 4)


class RouteWriter:
    """A socket that changes routes of the main table. Only errors come back, and the last's ack."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.socket.bind((0, 0))
        self.sequence = 0

    def write(self, kind, flags, routes):
        """routes: (prefix "10.0.0.0", length, gateway, metric). Errors are ignored: a link that is
        down refuses routes. Returns how many there were."""
        errors = 0
        for start in range(0, len(routes), MOST):
            part = routes[start:start + MOST]
            messages = []
            for place, (prefix, length, gateway, metric) in enumerate(part):
                self.sequence += 1
                ack = NLM_F_ACK if place == len(part) - 1 else 0
                family = socket.AF_INET6 if ":" in prefix else socket.AF_INET
                body = struct.pack("=BBBBBBBBI", family, length, 0, 0, 254, 4, 0, 1, 0)
                body += attribute(1, socket.inet_pton(family, prefix))
                body += attribute(5, socket.inet_pton(family, gateway))
                body += attribute(6, struct.pack("=I", metric))
                messages.append(struct.pack("=IHHII", 16 + len(body), kind,
                                            NLM_F_REQUEST | flags | ack, self.sequence, 0) + body)
            self.socket.send(b"".join(messages))
            errors += self.finish()
        return errors

    def finish(self):
        """Reads to the acknowledgement of the last message."""
        errors = 0
        while True:
            answer = self.socket.recv(65536)
            while answer:
                length, kind, _, sequence, _ = struct.unpack_from("=IHHII", answer)
                code = struct.unpack_from("=i", answer, 16)[0]
                if kind != NLMSG_ERROR:
                    raise RuntimeError(f"an answer of type {kind}")
                errors += code != 0
                if sequence == self.sequence:
                    return errors
                answer = answer[(length + 3) & ~3:]

    def close(self):
        os.close(self.socket.detach())
