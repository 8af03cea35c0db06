#!/usr/bin/env bash
# ./dev demo: builds trivet and shows it at work on a two-node cluster, on a kernel with TIPC.
set -euo pipefail
# shellcheck source=tools/dev/common.sh
source tools/dev/common.sh

(($# == 0)) || die "demo has no option $1"
need "${demo_packages[@]}"
build //tools/trivet

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
say "booting user-mode-linux: a kernel of its own; this machine's interfaces are not touched"
paint=
[[ -t 1 ]] && paint=always
TEST_UNDECLARED_OUTPUTS_DIR=$out TRIVET_DEMO_COLOR=${paint:-never} \
  tests/lab/lab uml --module tipc --timeout 120 -- \
  tools/dev/demo_cluster.sh "$(readlink -f bazel-bin/tools/trivet/trivet)"

capture=$TRIVET_ROOT/demo.pcapng
mv "$out/demo.pcapng" "$capture"
echo "capture          $capture ($(stat -c %s "$capture") bytes; wireshark ${capture##*/})"
