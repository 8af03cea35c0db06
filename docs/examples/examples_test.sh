#!/usr/bin/env bash
# Runs each program of README on a kernel: examples_test.sh NETLINK PACKET TIPC
set -euo pipefail

netlink=$1
packet=$2
tipc=$3
ip link set lo up

expect() {
  grep -qE "$1" <<<"$2" || { printf 'no line like "%s" in:\n%s\n' "$1" "$2" >&2; exit 1; }
  echo "ok: $1"
}

expect '^hello by way of \(3, [0-9]+, [0-9]+, 0, [0-9]+\)$' "$("$tipc")"

coproc WATCH { "$netlink" 2>&1; }
exec {watch}<&"${WATCH[0]}"  # bash closes its own copy when the program ends
read -r first <&"$watch"
expect '^lo$' "$first"
ip link add x0 type dummy
ip link del x0
changes=$(cat <&"$watch")
expect '^changed$' "$changes"
expect '^removed$' "$changes"

ping -q -i 0.2 -c 10 127.0.0.1 >/dev/null &
expect "^\\('lo', 2048, [04], 772, b'.*'\\) 98 bytes$" "$("$packet" lo)"
wait
