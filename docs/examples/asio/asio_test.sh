#!/usr/bin/env bash
# Runs the programs of docs/asio.md on a kernel: asio_test.sh LINKS ECHO
set -euo pipefail

links=$1
echo=$2

expect() {
  # shellcheck disable=SC2053  # the first is a pattern
  [[ $2 == $1 ]] || { printf '%s instead of %s\n' "$2" "$1" >&2; exit 1; }
  echo "ok: $2"
}

expect 'hello from (3, *, *, 0, *)' "$("$echo")"

coproc WATCH { exec "$links" 2>&1; }
pid=$WATCH_PID
exec {watch}<&"${WATCH[0]}"  # bash closes its own copy when the program ends
read -r line <&"$watch"
expect listening "$line"
ip link add x0 type dummy
read -r line <&"$watch"
expect 'there x0' "$line"
ip link del x0
read -r line <&"$watch"
while [[ $line == there* ]]; do read -r line <&"$watch"; done
expect 'gone x0' "$line"
kill -INT "$pid"
rest=$(cat <&"$watch")
expect '' "$rest"
