#!/usr/bin/env bash
# ./dev bench [NAME]: the benchmarks of bench/, each beside its peers and its floor in one run.
set -euo pipefail
# shellcheck source=tools/dev/common.sh
source tools/dev/common.sh

need "${bench_packages[@]}"
name=${1:-base}
[[ -x bench/$name/run ]] || die "no benchmark \"$name\"; there are: $(cd bench && echo */)"
build_release "//bench/$name/..."
exec "bench/$name/run" "${@:2}"
