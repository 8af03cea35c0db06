#!/usr/bin/env bash
# ./dev lint: formatting, clang-tidy, shell scripts, man pages. Clean, or it says what is not.
# --fast leaves clang-tidy out, which takes many times as long as the rest together.
set -euo pipefail
# shellcheck source=tools/dev/common.sh
source tools/dev/common.sh

fix=
fast=
case ${1:-} in
  --fix) fix=1 ;;
  --fast) fast=1 ;;
  '') ;;
  *) die "lint has no option $1" ;;
esac

need "${build_packages[@]}" "${lint_packages[@]}" googletest

status=0
check() {
  local what=$1
  shift
  if "$@"; then
    say "$what: clean"
  else
    say "$what: NOT clean"
    status=1
  fi
}

mapfile -t sources < <(git ls-files '*.cc' '*.h')
mapfile -t scripts < <(git ls-files | xargs -d '\n' grep -lE '^#!.*\b(ba)?sh$|^# shellcheck shell=' --)
mapfile -t pages < <(git ls-files 'docs/man/*.1')

if [[ -n $fix ]]; then
  clang-format -i "${sources[@]}"
fi
check clang-format clang-format --dry-run -Werror "${sources[@]}"
check shellcheck shellcheck -x "${scripts[@]}"
check mandoc mandoc -T lint -W warning "${pages[@]}"
# shellcheck disable=SC2317  # called by check
tidy() { bazel_run build --config=tidy --keep_going --ui_event_filters=-info //...; }
[[ -n $fast ]] || check clang-tidy tidy
exit "$status"
