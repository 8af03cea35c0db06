#!/usr/bin/python3
"""Captures device events: the kernel's, and those that udev makes of them.

usage: capture_uevent.py UDEVADM FOLDER

UDEVADM is udevadm(8), which is systemd-udevd(8), too: `apt-get download udev` and `dpkg-deb -x` get
it without installing it, because the package would start the daemon. Run it as root in a kernel of
its own and a network namespace with nothing in it, as `./dev lab uml -- …` gives one. It writes,
each file being datagrams, every one behind its length in four bytes:

    uevent.datagrams         of the kernel (group 1)
    uevent_udev.datagrams    of systemd-udevd (group 2)
"""

import os
import socket
import struct
import subprocess
import sys

NETLINK_KOBJECT_UEVENT, KERNEL, UDEV = 15, 1, 2

COMMANDS = """
ip link add v0 type veth peer name v1
ip link set v0 name renamed
ip link add d0 type dummy
ip link del d0
ip link del renamed
"""


def listen(group):
    events = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_KOBJECT_UEVENT)
    events.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    events.bind((0, group))
    events.settimeout(60)
    return events


def until_removed(events):
    """The datagrams up to the one that says that the renamed link is gone."""
    found = []
    while not (found and b"ACTION=remove\0" in found[-1] and b"INTERFACE=renamed\0" in found[-1]):
        found.append(events.recv(1 << 16))
    return found


def main():
    udevadm, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    os.makedirs("/run/udev/rules.d", exist_ok=True)
    with open("/run/udev/rules.d/50-trivet.rules", "w", encoding="ascii") as rules:
        rules.write('SUBSYSTEM=="net", ENV{OF_A_RULE}="yes", TAG+="trivet"\n')
    kernel, udev = listen(KERNEL), listen(UDEV)
    daemon = subprocess.Popen(["systemd-udevd"], executable=udevadm)
    ping = [udevadm, "control", "--ping", "--timeout=60"]
    while subprocess.run(ping, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        if daemon.poll() is not None:
            raise SystemExit(f"systemd-udevd ended with {daemon.returncode}")
    for command in filter(None, COMMANDS.splitlines()):
        subprocess.run(command.split(), check=True)
    for name, events in (("uevent", kernel), ("uevent_udev", udev)):
        found = until_removed(events)
        with open(os.path.join(folder, name + ".datagrams"), "wb") as file:
            for datagram in found:
                file.write(struct.pack("=I", len(datagram)) + datagram)
        print(name, len(found))
    daemon.terminate()
    daemon.wait()


if __name__ == "__main__":
    main()
