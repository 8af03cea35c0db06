#!/usr/bin/env bash
# Every installed header compiles alone, as a user would include it, and none includes one that is
# not installed.
set -euo pipefail

prefix=$TEST_TMPDIR/prefix
mkdir -p "$prefix"
tar -C "$prefix" -xf "$PWD/packaging/trivet.tar" ./include ./lib/pkgconfig
mapfile -t headers < <(find "$prefix/include" -name '*.h' -printf '%P\n' | sort)
((${#headers[@]} > 100)) || { echo "only ${#headers[@]} headers are installed" >&2; exit 1; }

# The build has compiled a header alone where a source of its name begins with it.
is_compiled_first() {
  local source=lib/${1%.h}.cc
  [[ -f $source && $(grep -m1 '^#include' "$source") == "#include \"$1\"" ]]
}

# Headers of interop are for programs that use the other library, whose headers have a folder of
# their own.
compile() {
  local flags=(-std=c++20 -Wall -Wextra -Werror -fsyntax-only -x c++ "-I$prefix/include")
  [[ $* != *interop/* ]] || flags+=("$(pkg-config --cflags-only-I libnl-route-3.0 | xargs)")
  printf '#include <%s>\n' "$@" | g++ "${flags[@]}" -
}
compile_alone() { compile "$1" || { echo "$1 does not stand alone" >&2; return 1; }; }
export -f compile compile_alone
export prefix

alone=()
for header in "${headers[@]}"; do
  is_compiled_first "$header" || alone+=("$header")
done
((${#alone[@]} < ${#headers[@]})) || { echo "no source was found" >&2; exit 1; }
compile "${headers[@]}"
printf '%s\0' "${alone[@]}" | xargs -0 -P "$(nproc)" -n 1 bash -c "compile_alone \"\$1\"" _
echo "ok: ${#headers[@]} headers together, ${#alone[@]} of them alone, the others by their sources"
