#!/usr/bin/env bash
# Runs the program of docs/netlink-messages.md on a kernel: describe_test.sh PROGRAM
set -euo pipefail

coproc LINKS { "$1" 2>&1; }
exec {links}<&"${LINKS[0]}"  # bash closes its own copy when the program ends
until grep -q '^[0-9a-f]* 0 .* 00000001 ' /proc/net/netlink; do :; done  # it has joined the group
ip link add v0 type veth peer name v1
ip link set v0 mtu 1400
told=$(cat <&"$links")
for line in RTM_NEWLINK "  IFLA_IFNAME v0" "  IFLA_MTU 1400" "    ifi_type ARPHRD_ETHER" \
  "    IFLA_INFO_KIND veth" "Connection timed out"; do
  grep -qx "$line" <<<"$told" || { printf 'no line "%s" in:\n%s\n' "$line" "$told" >&2; exit 1; }
  echo "ok: $line"
done
