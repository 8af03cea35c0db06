#!/usr/bin/python3
"""What `link set` asks for virtual functions and XDP, beside ip(8): no link of a test has functions, so
that the requests are compared, as strace(1) reads them.

usage: function_words_test.py TRIVET
"""

import os
import re
import subprocess
import sys

TRIVET = os.path.abspath(sys.argv[1])

# "!" marks what both must refuse before they ask.
LINES = """
v0 vf 3 mac 02:00:00:00:00:09
v0 vf 0 vlan 5
v0 vf 3 vlan 0
v0 vf 3 vlan 5 qos 3
v0 vf 3 vlan 5 qos 3 proto 802.1ad
v0 vf 3 vlan 5 proto 802.1Q
v0 vf 3 rate 100
v0 vf 0x10 rate 0x10
v0 vf 3 max_tx_rate 100
v0 vf 3 min_tx_rate 10
v0 vf 3 min_tx_rate 10 max_tx_rate 100
v0 vf 3 spoofchk on
v0 vf 3 spoofchk off
v0 vf 3 state auto
v0 vf 3 state enable
v0 vf 3 state disable
v0 vf 3 trust on
v0 vf 3 trust off
v0 vf 3 query_rss on
v0 vf 3 query_rss off
v0 vf 3 node_guid 00:11:22:33:44:55:66:77
v0 vf 3 port_guid fe:dc:ba:98:76:54:32:10
dev v0 vf 3 mac 02:00:00:00:00:09 vlan 7 trust on
v0 vf 3 mac 02:00:00:00:00:09 up
v0 mtu 1500 vf 3 vlan 5 mac 02:00:00:00:00:09
dev v0 xdp off
dev v0 xdp none
dev v0 xdpgeneric off
dev v0 xdpdrv off
dev v0 xdpoffload off
! v0 vf
! v0 vf 3
! v0 vf many trust on
! v0 vf 3 nothing
! v0 vf 3 vlan 4096
! v0 vf 3 vlan 5 6
! v0 vf 3 vlan 5 proto 802.1x
! v0 vf 3 state up
! v0 vf 3 spoofchk maybe
! v0 vf 3 mac 02:00
! v0 vf 3 node_guid 1
! v0 vf 3 rate
! no-such-link vf 3 trust on
! dev v0 xdp
""".strip().splitlines()


def request_of(program, line):
    """Body and attributes of the RTM_NEWLINK that it sends, and its exit status."""
    done = subprocess.run(
        ["strace", "-e", "trace=sendmsg,sendto,sendmmsg", "-s", "4096", "-o", "!cat >&2", *program,
         "link", "set", *line.split()], capture_output=True, text=True, check=False)
    sent = [text for text in done.stderr.splitlines()
            if "IFLA_VFINFO_LIST" in text or "IFLA_XDP" in text]
    if not sent:
        return None, done
    body = re.search(r"\{ifi_family=.*?(\[.*\])\](?=, iov_len=|, \d+, )", sent[-1])
    if len(sent) > 1 or not body:
        raise SystemExit(f"{line}: {sent}")
    return body.group(0), done


def main():
    subprocess.run("ip link add v0 type veth peer name v1", shell=True, check=True)
    failed = 0
    for line in LINES:
        wrong = line.startswith("! ")
        words = line.removeprefix("! ")
        theirs, their_end = request_of(["ip"], words)
        ours, our_end = request_of([TRIVET, "netlink"], words)
        if ours == theirs and (ours is None) == wrong:
            if not wrong or our_end.returncode in (1, 2):
                continue
        failed += 1
        print(f"{line}\n    ip {their_end.returncode}: {theirs}\n    "
              f"trivet {our_end.returncode}: {ours}\n    {our_end.stderr}")
    # Where ip(8) sends a list for each function, and the kernel heeds the last, ours has both.
    both, _ = request_of([TRIVET, "netlink"], "v0 vf 1 trust on vf 2 trust off")
    if both.count("IFLA_VFINFO_LIST") != 1 or "vf=1, setting=1" not in both \
            or "vf=2, setting=0" not in both:
        raise SystemExit(f"two functions: {both}")
    print(f"{len(LINES)} lines, {failed} failed")
    if failed:
        raise SystemExit(1)


main()
