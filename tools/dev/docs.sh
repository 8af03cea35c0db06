#!/usr/bin/env bash
# ./dev docs: what the documents say is so: links lead somewhere, README's programs are the ones
# that are tested, every noun of the command has a man page and every page is well formed.
set -euo pipefail
# shellcheck source=tools/dev/common.sh
source tools/dev/common.sh

(($# == 0)) || die "docs has no option $1"
need "${build_packages[@]}" googletest mandoc
status=0
fail() {
  say "$*"
  status=1
}

while IFS= read -r page; do
  while IFS= read -r link; do
    [[ -e $(dirname "$page")/${link%%#*} ]] || fail "$page: no file $link"
  done < <(awk '/^```/ { code = !code } !code' "$page" | grep -oP '\]\(\K(?!https?:|#)[^)]+')
done < <(git ls-files '*.md')

for noun in tools/trivet/*.cc; do
  name=$(grep -oP 'add_noun\(app, "\K[a-z]+' "$noun" || true)
  # What prints scripts for shells is described by the page of the command itself.
  [[ -z $name || $name == completion || -e docs/man/trivet-$name.1 ]] ||
    fail "no man page docs/man/trivet-$name.1"
done
mandoc -T lint -W warning docs/man/*.1 || status=1
bazel_run test --ui_event_filters=-info //docs/... || status=1
((status == 0)) && say "the documents hold"
exit "$status"
