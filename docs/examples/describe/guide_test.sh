#!/usr/bin/env bash
# The page shows the example program letter by letter.
set -euo pipefail

guide=$(<docs/netlink-messages.md)
program=$(<docs/examples/describe/links.cc)
[[ $guide == *"$program"* ]] ||
  { echo "docs/netlink-messages.md does not show the program as it is" >&2; exit 1; }
