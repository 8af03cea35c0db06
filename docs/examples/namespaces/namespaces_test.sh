#!/usr/bin/env bash
# Runs the program of docs/netlink.md on a kernel: namespaces_test.sh PROGRAM
set -euo pipefail

coproc WATCH { "$1" 2>&1; }
exec {watch}<&"${WATCH[0]}"  # bash closes its own copy when the program ends
read -r first <&"$watch"
[[ $first == *": 1 links" ]]
ip netns add blue
early=
while [[ $early != *"blue: lo is there"* ]]; do  # before it is read, a link may come and go unseen
  read -r line <&"$watch" || break
  early+=$line$'\n'
done
ip -n blue link add v0 type veth peer name v1
ip -n blue link del v0
ip netns del blue
told=$early$(cat <&"$watch")
for line in "blue appeared" "blue: lo is there" "blue: v1 is there" "blue: v1 is gone" \
  "blue vanished"; do
  grep -qx "$line" <<<"$told" || { printf 'no line "%s" in:\n%s\n' "$line" "$told" >&2; exit 1; }
  echo "ok: $line"
done
