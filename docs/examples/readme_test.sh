#!/usr/bin/env bash
# README shows the example programs letter by letter.
set -euo pipefail

readme=$(<README.md)
for file in docs/examples/*.cc; do
  program=$(<"$file")
  [[ $readme == *"$program"* ]] || { echo "README.md does not show $file as it is" >&2; exit 1; }
  echo "ok: $file"
done
