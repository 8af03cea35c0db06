#!/usr/bin/env bash
# The page shows the example program letter by letter.
set -euo pipefail

guide=$(<docs/netlink.md)
program=$(<docs/examples/namespaces/namespaces.cc)
[[ $guide == *"$program"* ]] || { echo "docs/netlink.md does not show the program as it is" >&2; exit 1; }
