#!/usr/bin/python3
"""Captures buckets of resilient nexthop groups.

usage: capture_buckets.py FOLDER

Run it like capture.py, in another namespace. It writes buckets.nlmsg: the dump of all, and the answer
to a request for one.
"""

import os
import struct
import subprocess
import sys

sys.dont_write_bytecode = True

# pylint: disable-next=wrong-import-position
from capture import NLM_F_ACK, NLM_F_REQUEST, answer, dump, write

RTM_GETNEXTHOPBUCKET = 118
NHA_ID, NHA_RES_BUCKET, NHA_RES_BUCKET_INDEX = 1, 13, 1
NLA_F_NESTED = 0x8000

STATE = """
link add v0 type veth peer name v1
link set v0 up
link set v1 up
addr add 10.0.0.1/24 dev v0
nexthop add id 1 via 10.0.0.41 dev v0
nexthop add id 2 via 10.0.0.42 dev v0
nexthop add id 10 group 1/2,3 type resilient buckets 8 idle_timer 60 unbalanced_timer 300
nexthop add id 11 group 1 type resilient buckets 2
"""


def batch(lines):
    subprocess.run(["ip", "-batch", "-"], input=lines, text=True, check=True)


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    batch(STATE)
    one = struct.pack("=8xHHIHHHHH2x", 8, NHA_ID, 10, 12, NHA_RES_BUCKET | NLA_F_NESTED, 6,
                      NHA_RES_BUCKET_INDEX, 5)
    write(folder, "buckets.nlmsg", dump(RTM_GETNEXTHOPBUCKET, bytes(8)) +
          answer(RTM_GETNEXTHOPBUCKET, NLM_F_REQUEST | NLM_F_ACK, one))


if __name__ == "__main__":
    main()
