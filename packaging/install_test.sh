#!/usr/bin/env bash
# Installs into an empty folder and builds a user's program against it: by pkg-config (shared and
# static) and by CMake's find_package (both); each is run.
set -euo pipefail

here=$PWD/packaging
prefix=$TEST_TMPDIR/prefix
work=$TEST_TMPDIR/work
mkdir -p "$prefix" "$work"
tar -C "$prefix" -xf "$here/trivet.tar"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib
version=$(pkg-config --modversion trivet)

expect() {
  local got
  got=$("$@")
  [[ $got == "$version installed" ]] || { echo "$* printed: $got" >&2; exit 1; }
  echo "ok: $*"
}

# A library with a sanitizer in it, as --config=asan and tsan build, wants a program with the same.
compiler=(g++)
symbols=$(nm -D --undefined-only "$prefix/lib/libtrivet.so")
case $symbols in
  *__asan_*) compiler=(clang++ '-fsanitize=address,undefined') ;;
  *__tsan_*) compiler=(clang++ -fsanitize=thread) ;;
esac
export CXX=${compiler[0]} CXXFLAGS=${compiler[*]:1}

# shellcheck disable=SC2046  # the flags are words
"${compiler[@]}" -std=c++20 "$here/consumer/consumer.cc" -o "$work/by-pkg-config" $(pkg-config --cflags --libs trivet)
expect "$work/by-pkg-config"
readelf -d "$work/by-pkg-config" | grep -q 'NEEDED.*libtrivet.so.0'

# shellcheck disable=SC2046
"${compiler[@]}" -std=c++20 "$here/consumer/consumer.cc" -o "$work/by-pkg-config-static" $(pkg-config --cflags trivet) \
  "$prefix/lib/libtrivet.a" $(pkg-config --static --libs trivet | sed 's/-ltrivet//')
env -u LD_LIBRARY_PATH "$work/by-pkg-config-static" | grep -qx "$version installed"

cmake -S "$here/consumer" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" >"$work/cmake.log" ||
  { cat "$work/cmake.log" >&2; exit 1; }
cmake --build "$work/cmake" >>"$work/cmake.log" || { cat "$work/cmake.log" >&2; exit 1; }
expect "$work/cmake/shared"
env -u LD_LIBRARY_PATH "$work/cmake/static" | grep -qx "$version installed"

"$prefix/bin/trivet" --version | grep -q "$version"
man -l "$prefix/share/man/man1/trivet.1.gz" >/dev/null 2>&1 || mandoc "$prefix/share/man/man1/trivet.1.gz" >/dev/null
bash -n "$prefix/share/bash-completion/completions/trivet"
