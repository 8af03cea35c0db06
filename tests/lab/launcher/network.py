"""The link of a pair: Ethernet in L2TPv3 in UDP over loopback, which both kinds of kernel speak."""

import dataclasses
import secrets
import socket


@dataclasses.dataclass
class Joint:
    """One end. The random session keeps other traffic from being taken for the peer's."""

    node: int
    own_port: int
    other_port: int
    session: int

    @property
    def mac(self):
        return f"02:00:00:00:00:{self.node:02x}"


def joints():
    """The two ends, on ports that are free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as first:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as second:
            first.bind(("127.0.0.1", 0))
            second.bind(("127.0.0.1", 0))
            ports = first.getsockname()[1], second.getsockname()[1]
    session = secrets.randbits(31) + 1
    return Joint(1, *ports, session), Joint(2, *ports[::-1], session)
