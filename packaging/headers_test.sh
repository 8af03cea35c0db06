#!/usr/bin/env bash
# Every installed header compiles alone, as a user would include it.
set -euo pipefail

prefix=$TEST_TMPDIR/prefix
mkdir -p "$prefix"
tar -C "$prefix" -xf "$PWD/packaging/trivet.tar" ./include ./lib/pkgconfig
mapfile -t headers < <(find "$prefix/include" -name '*.h' -printf '%P\n' | sort)
((${#headers[@]} > 10)) || { echo "only ${#headers[@]} headers are installed" >&2; exit 1; }

# Headers of interop are for programs that use the other library, whose headers have a folder of
# their own.
compile() {
  local flags=(-std=c++20 -Wall -Wextra -Werror -fsyntax-only -x c++ "-I$1/include")
  [[ $2 != */interop/* ]] || flags+=("$(pkg-config --cflags-only-I libnl-route-3.0 | xargs)")
  echo "#include <$2>" | g++ "${flags[@]}" - ||
    { echo "$2 does not stand alone" >&2; return 1; }
}
export -f compile
export prefix
printf '%s\0' "${headers[@]}" | xargs -0 -P "$(nproc)" -n 1 bash -c "compile \"\$prefix\" \"\$1\"" _
echo "ok: ${#headers[@]} headers"
