#!/bin/bash
# Two kernels see each other over TIPC, and one notices when the other is killed.
set -eu

me=$TRIVET_LAB_NODE peer=$((3 - TRIVET_LAB_NODE))

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

# tipc(8) has no monitor, but CPython can subscribe to the topology service: prints one line per
# event of the link state (service type 2), "up" or "down".
watch_links() {
  /usr/bin/python3 -u -c '
import socket, struct
topology = socket.socket(socket.AF_TIPC, socket.SOCK_SEQPACKET)
topology.connect((socket.TIPC_ADDR_NAME, 1, 1, 0))
topology.send(struct.pack("=5I8s", 2, 0, 0xffffffff, 0xffffffff, 1, b""))
while True:
    event = topology.recv(48)
    print({1: "up", 2: "down"}[struct.unpack("=I", event[:4])[0]])
'
}

[ "$(lab-peer exchange node "$me")" = "$peer" ] || fail "exchange gave no value of node $peer"
exec {links}< <(watch_links)
tipc bearer enable media eth device "$TRIVET_LAB_LINK"
read -r state <&"$links"
[ "$state" = up ] || fail "the first event of the link is $state"
tipc link list
tipc link list | grep -q 'vec0.*: up' || fail "no link is up"
lab-peer barrier both-up

if [ "$me" = 2 ]; then
  # Node 1 kills this kernel; an end of its own would be a failure.
  read -r state <&"$links"
  fail "the link is $state, but this node should have been killed"
fi
lab-peer kill
read -r state <&"$links"
[ "$state" = down ] || fail "the link is $state after the other node died"
if lab-peer barrier nobody-there 2>/tmp/answer; then
  fail "a dead node came to a barrier"
fi
grep -q 'the other node has ended' /tmp/answer || fail "unexpected: $(cat /tmp/answer)"
