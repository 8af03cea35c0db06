#!/usr/bin/env bash
# `trivet netlink conntrack` on a kernel that lacks, one after the other, nfnetlink and the tracking
# of connections: the error says which. Takes the path of trivet.
set -euo pipefail
trivet=$1

expect() {
  local wanted=$1 status=0 got
  got=$("$trivet" netlink conntrack 2>&1 </dev/null) || status=$?
  if ((status != 1)) || [[ $got != *"$wanted"* || $got == *$'\n'* ]]; then
    printf 'status %s: %s\ninstead of: %s\n' "$status" "$got" "$wanted" >&2
    exit 1
  fi
  printf '%s\n' "$got"
}

# The kernel would load both by itself.
program=$(</proc/sys/kernel/modprobe)
printf '/nonexistent\n' >/proc/sys/kernel/modprobe
expect 'nfnetlink'
modprobe nfnetlink
expect 'modprobe nf_conntrack_netlink, which is CONFIG_NF_CT_NETLINK'
printf '%s\n' "$program" >/proc/sys/kernel/modprobe
