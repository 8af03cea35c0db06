#!/usr/bin/env bash
# Runs the program on a kernel, and asks tc(8) what has become of it: libnl_test.sh SHAPE
set -euo pipefail
shape=$1

ip link add v0 type veth peer name v1
ip link set v0 up
index=$(<"/sys/class/net/v0/ifindex")
printed=$("$shape" v0 125000)
[[ $printed == *"tbf on link $index, 125000 bytes a second"* ]] ||
  { printf 'no bucket in:\n%s\n' "$printed" >&2; exit 1; }
seen=$(tc qdisc show dev v0)
[[ $seen == *'tbf'*'root'*'rate 1Mbit'* ]] || { printf 'tc: %s\n' "$seen" >&2; exit 1; }

# The kernel's refusal comes with its reason.
if refused=$("$shape" v0 125000 2>&1); then
  echo "a second bucket was taken: $refused" >&2
  exit 1
fi
[[ $refused == 'RTM_NEWQDISC: Exclusivity flag on, cannot modify'* ]] ||
  { printf 'no reason in: %s\n' "$refused" >&2; exit 1; }
printf '%s\n%s\n' "$printed" "$refused"
