#!/usr/bin/env bash
# ./dev test: every test on every kernel. The last line is "N passed, N failed".
set -euo pipefail
# shellcheck source=tools/dev/common.sh
source tools/dev/common.sh

flags=()
targets=()
fuzz=
while (($#)); do
  case $1 in
    --asan | --tsan | --clang)
      flags+=("--config=${1#--}")
      need "${clang_packages[@]}"
      ;;
    --fuzz)
      fuzz=60
      if [[ ${2:-} =~ ^[0-9]+$ ]]; then
        fuzz=$2
        shift
      fi
      ;;
    -*) die "test has no option $1; ./dev --help lists them" ;;
    *) targets+=("$1") ;;
  esac
  shift
done
((${#targets[@]})) || targets=(//...)

need "${build_packages[@]}" "${kernel_packages[@]}" "${test_packages[@]}"

if [[ -n $fuzz ]]; then
  need "${clang_packages[@]}"
  exec tests/fuzz/run "$fuzz"
fi

tests/lab/lab qemu --fetch

events=$(mktemp)
trap 'rm -f "$events"' EXIT
status=0
bazel_run test --keep_going --build_event_json_file="$events" "${flags[@]}" -- "${targets[@]}" ||
  status=$?
python3 tools/dev/count_tests.py "$events" || status=1
exit "$status"
