#!/usr/bin/env bash
# A page shows programs letter by letter: shown_test.sh PAGE PROGRAM...
set -euo pipefail

page=$(<"$1")
for file in "${@:2}"; do
  program=$(<"$file")
  [[ $page == *"$program"* ]] || { echo "$1 does not show $file as it is" >&2; exit 1; }
  echo "ok: $file"
done
