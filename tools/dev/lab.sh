#!/usr/bin/env bash
# ./dev lab KERNEL -- COMMAND…: any command in a kernel of its own.
set -euo pipefail
# shellcheck source=tools/dev/common.sh
source tools/dev/common.sh

need python3 "${kernel_packages[@]}"
[[ ${1:-} == qemu* ]] && tests/lab/lab qemu --fetch
exec tests/lab/lab "$@"
