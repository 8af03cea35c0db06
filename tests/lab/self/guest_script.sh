#!/bin/bash
# Run on a booted kernel by the lab's tests of itself: what holds on uml as well as on qemu.
set -u
failures=0

expect() { # expect TEXT COMMAND…: the command's output, first line
  local wanted=$1 got
  shift
  got=$("$@" 2>&1 | head -n 1)
  if [ "$got" != "$wanted" ]; then
    echo "FAILED: $*: expected '$wanted', got '$got'"
    failures=$((failures + 1))
  fi
}
succeed() {
  "$@" || {
    echo "FAILED: $*"
    failures=$((failures + 1))
  }
}

# Output is a pipe, as under Bazel; input is empty.
expect 'not a tty' tty
succeed test ! -t 1

# Namespaces of its own, with a /sys and a /run/netns that belong to them.
expect lo ls /sys/class/net
succeed ip netns add made
expect made ip netns

# The host's files, under a layer where everything may be changed.
succeed cmp /bin/ls "$(command -v ls)"
succeed touch /etc/made-by-a-test "$TEST_TMPDIR/file" /tmp/file

# Modules come by request of the kernel: nothing was loaded before.
for type in dummy veth bridge nlmon ifb; do
  succeed ip link add "t-$type" type "$type"
done
succeed ip link add link t-dummy name t-vlan type vlan id 5
succeed modprobe tipc
succeed tipc node set identity lab
succeed modprobe l2tp_core

# Reports and outputs, which the launcher brings to the host.
echo report >"$XML_OUTPUT_FILE"
mkdir "$TEST_UNDECLARED_OUTPUTS_DIR/folder"
echo output >"$TEST_UNDECLARED_OUTPUTS_DIR/folder/file"

# More than any buffer on the way holds, to the last byte.
seq 100000
printf 'no line end'
exit "$((failures ? 1 : 42))"
