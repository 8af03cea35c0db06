#!/usr/bin/env bash
# Without libpcap only what needs it fails, and says so. Takes the path of trivet.
set -euo pipefail
trivet=$1

if [[ ${2:-} != without ]]; then exec unshare --mount "$0" "$trivet" without; fi

for library in $(ldconfig -p | awk '/libpcap\.so/ {print $NF}'); do
  mount --bind /dev/null "$(readlink -f "$library")"
done
ip link set lo up

fails() {
  local status=0 got
  got=$("$trivet" "$@" 2>&1) || status=$?
  if ((status != 1)) || [[ $got != *"load libpcap"*"libpcap0.8"* || $got == *$'\n'* ]]; then
    printf 'trivet %s: status %s: %s\n' "$*" "$status" "$got" >&2
    exit 1
  fi
  printf '%s\n' "$got"
}

fails packet capture -i lo -c 1 tcp
capture=$TEST_TMPDIR/empty.pcap
printf '\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\xfd\0\0\0' >"$capture"
fails netlink decode "$capture"
"$trivet" netlink link show lo
ping -q -i 0.2 127.0.0.1 >/dev/null &
trap 'kill $!' EXIT
"$trivet" packet capture -i lo -c 1 | grep "ICMP echo"
