#!/usr/bin/env bash
# Runs inside the demo's kernel: two nodes in namespaces, trivet watching one of them, and things
# that happen. demo_cluster.sh TRIVET
set -euo pipefail

trivet=$1
color=--color=${TRIVET_DEMO_COLOR:-never}
work=$(mktemp -d)

paint() { if [[ $color == *always ]]; then printf '\033[%sm%s\033[0m' "$1" "$2"; else printf '%s' "$2"; fi; }
title() { printf '\n%s\n' "$(paint 1 "== $*")"; }
act() {
  printf '%s\n' "$(paint 2 "\$ $*")"
  "$@"
}
on() { ip netns exec "$@"; }

# stream LABEL FILE: prints each line as it comes, with its label, and keeps it.
stream() {
  local line label
  label=$(paint "$2" "$(printf '%-8s' "$1")")
  while IFS= read -r line; do
    printf '%s| %s\n' "$label" "$line"
    printf '%s\n' "$line" >>"$work/$1"
  done
}

# until_line PATTERN NAME [N]: waits until the stream NAME has shown the pattern, N times.
until_line() {
  # Not to /dev/null: grep would then stop at the first match.
  timeout 20 grep -E -m "${3:-1}" "$1" <(tail -n +1 -f "$work/$2" 2>/dev/null) >"$work/found" ||
    { echo "demo: no line like \"$1\" came from $2" >&2; exit 1; }
}

title "a cluster of two nodes: node1 and node2, a wire between them, TIPC on the wire"
for node in node1 node2; do
  ip netns add "$node"
  ip -n "$node" link set lo up
done
ip link add eth0 netns node1 type veth peer name eth0 netns node2
ip -n node1 addr add 192.0.2.1/24 dev eth0
ip -n node2 addr add 192.0.2.2/24 dev eth0
for node in node1 node2; do
  ip -n "$node" link set eth0 up
  on "$node" tipc node set identity "$node"
done

: >"$work/netlink"
: >"$work/packet"
: >"$work/tipc"
: >"$work/service"
"$trivet" --netns node1 "$color" netlink monitor link addr route --initial \
  > >(stream netlink 36) 2>"$work/netlink.summary" &
netlink_pid=$!
"$trivet" --netns node1 packet capture -i eth0 -w "$work/demo.pcapng" 2>"$work/capture.summary" &
capture_pid=$!
"$trivet" --netns node1 "$color" packet capture -i eth0 icmp > >(stream packet 33) 2>/dev/null &
packet_pid=$!
"$trivet" --netns node1 "$color" tipc watch nodes links 4711 > >(stream tipc 35) 2>"$work/tipc.summary" &
tipc_pid=$!
trap 'kill "$netlink_pid" "$capture_pid" "$packet_pid" "$tipc_pid" 2>/dev/null || true' EXIT
until_line eth0 netlink

title "the nodes find each other"
for node in node1 node2; do
  act on "$node" tipc bearer enable media eth device eth0
done
until_line 'up +link.*node2' tipc

title "TIPC messages: node1 asks, node2 answers"
"$trivet" --netns node2 socket receive tipc '(TIPC_ADDR_NAMESEQ, 4711, 0, 99)' --count 5 --echo \
  > >(stream service 32) 2>"$work/service.summary" &
service_pid=$!
until_line 'published .*4711' tipc
for number in 1 2 3 4 5; do
  "$trivet" --netns node1 socket send tipc "(TIPC_ADDR_NAME, 4711, $number, 0)" --data "message $number"
done
wait "$service_pid"

title "packets"
act on node1 ping -q -c 5 -i 0.2 192.0.2.2 >/dev/null

title "routes come and go"
for net in 198.51.100.0/24 203.0.113.0/24; do
  act ip -n node1 route add "$net" via 192.0.2.2
done
act ip -n node1 route replace 198.51.100.0/24 via 192.0.2.2 metric 50
act ip -n node1 route del 203.0.113.0/24
until_line '203\.0\.113\.0/24.*' netlink

title "a link flaps"
act ip -n node2 link set eth0 down
until_line 'down +link.*node2' tipc
act ip -n node2 link set eth0 up
until_line 'up +link.*node2' tipc 2

kill -INT "$netlink_pid" "$capture_pid" "$packet_pid" "$tipc_pid"
wait "$netlink_pid" "$capture_pid" "$packet_pid" "$tipc_pid" || true

title "summary"
printf 'links and routes %s\n' "$(tail -n 1 "$work/netlink.summary")"
printf 'packets          %s\n' "$(sed -n '$s| to [^,]*||p' "$work/capture.summary")"
printf 'topology         %s\n' "$(tail -n 1 "$work/tipc.summary")"
printf 'messages         %s\n' "$(tail -n 1 "$work/service.summary")"
cp "$work/demo.pcapng" "${TEST_UNDECLARED_OUTPUTS_DIR:?}/demo.pcapng"
rm -rf "$work"
