#!/usr/bin/python3
"""A virtual Bluetooth controller on the stock kernel: hci_vhci makes hci0 without a daemon."""

import fcntl
import os
import socket
import struct
import subprocess

HCI_VENDOR_PACKET = 0xFF
CREATE_PRIMARY = 0x00
HCIGETDEVINFO = 0x800448D3

subprocess.run(["modprobe", "hci_vhci"], check=True)
controller = os.open("/dev/vhci", os.O_RDWR)
# drivers/bluetooth/hci_vhci.c: a vendor packet with an opcode makes a controller, and one comes
# back with the opcode and the controller's index.
os.write(controller, bytes([HCI_VENDOR_PACKET, CREATE_PRIMARY]))
kind, opcode, index = struct.unpack("<BBH", os.read(controller, 4))
assert (kind, opcode, index) == (HCI_VENDOR_PACKET, CREATE_PRIMARY, 0), (kind, opcode, index)
assert os.path.exists("/sys/class/bluetooth/hci0")

hci = socket.socket(socket.AF_BLUETOOTH, socket.SOCK_RAW, socket.BTPROTO_HCI)
info = bytearray(struct.pack("<H", index) + bytes(90))
fcntl.ioctl(hci, HCIGETDEVINFO, info)
assert info[2:10].rstrip(b"\0") == b"hci0", info
hci.bind((index,))
assert hci.getsockname() == index or hci.getsockname() == (index,), hci.getsockname()
print("a virtual controller", info[2:10].rstrip(b"\0").decode())
