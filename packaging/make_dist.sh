#!/usr/bin/env bash
# Lays out what is installed and packs it: make_dist.sh OUT.tar --headers F… --lib F… --bin F…
# --man F… --doc F… --templates F…   The tree is relocatable: it holds no absolute path.
set -euo pipefail

out=$PWD/$1
shift
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
mkdir -p "$root"/{bin,include,lib/pkgconfig,lib/cmake/trivet} \
  "$root"/share/{man/man1,doc/trivet,bash-completion/completions}

version=''
kind=''
templates=()
for word in "$@"; do
  case $kind:$word in
    *:--*) kind=${word#--} ;;
    headers:*)
      relative=${word##*/_virtual_includes/*/trivet/}
      mkdir -p "$root/include/trivet/$(dirname "$relative")"
      install -m644 "$word" "$root/include/trivet/$relative"
      if [[ $relative == base/version.h ]]; then
        version=$(sed -n 's/.*version = "\(.*\)";/\1/p' "$word")
      fi
      ;;
    lib:*) install -m644 "$word" "$root/lib/" ;;
    bin:*) install -m755 "$word" "$root/bin/" ;;
    man:*) gzip -9nc "$word" >"$root/share/man/man1/$(basename "$word").gz" ;;
    doc:*) install -m644 "$word" "$root/share/doc/trivet/" ;;
    templates:*) templates+=("$word") ;;
  esac
done

[[ -n $version ]] || { echo "no version in base/version.h" >&2; exit 1; }
fill() { sed -e "s/@VERSION@/$version/g" "$1"; }
for template in "${templates[@]}"; do
  name=$(basename "$template" .in)
  case $name in
    *.pc) fill "$template" >"$root/lib/pkgconfig/$name" ;;
    *.cmake) fill "$template" >"$root/lib/cmake/trivet/$name" ;;
  esac
done

mv "$root/lib/libtrivet.so" "$root/lib/libtrivet.so.$version"
ln -s "libtrivet.so.$version" "$root/lib/libtrivet.so.0"
ln -s libtrivet.so.0 "$root/lib/libtrivet.so"
"$root/bin/trivet" completion bash >"$root/share/bash-completion/completions/trivet"
tar --owner=0 --group=0 --numeric-owner --mtime=@0 --sort=name -C "$root" -cf "$out" .
