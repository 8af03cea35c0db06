#!/usr/bin/env bash
# docs/asio.md shows the programs letter by letter.
set -euo pipefail

guide=$(<docs/asio.md)
for file in docs/examples/asio/*.cc; do
  program=$(<"$file")
  [[ $guide == *"$program"* ]] || { echo "docs/asio.md does not show $file as it is" >&2; exit 1; }
  echo "ok: $file"
done
