#!/usr/bin/env bash
# ./dev install --prefix DIR: what packaging/make_dist.sh laid out, unpacked at $DESTDIR/DIR.
set -euo pipefail
# shellcheck source=tools/dev/common.sh
source tools/dev/common.sh

prefix=
while (($#)); do
  case $1 in
    --prefix=*) prefix=${1#--prefix=} ;;
    --prefix)
      prefix=${2:-}
      shift
      ;;
    *) die "install has no option $1: ./dev install --prefix DIR" ;;
  esac
  shift || true
done
[[ -n $prefix ]] || { say "where to? ./dev install --prefix DIR (DESTDIR is honoured)"; exit 2; }
[[ $prefix == /* ]] || prefix=$OLDPWD/$prefix

build_release //packaging:dist
target=${DESTDIR:-}$prefix
mkdir -p "$target" || die "cannot make $target: choose a folder that you may write to, or use sudo"
tar -C "$target" --no-same-owner --no-overwrite-dir -xf bazel-bin/packaging/trivet.tar ||
  die "could not unpack into $target"
say "installed into $target"
