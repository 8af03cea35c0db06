# Read by every verb of ./dev: what it needs from Debian, and how Bazel is called.
# shellcheck shell=bash disable=SC2034  # the lists are used by the verbs

# Debian 12 packages by purpose. CONTRIBUTING.md says what each library is for.
build_packages=(
  bazel-bootstrap bazel-rules-java bazel-rules-proto g++ python3
  libasio-dev libbluetooth-dev libcap-dev libcli11-dev libfmt-dev libmnl-dev libnl-3-dev
  libnl-genl-3-dev libnl-route-3-dev libpcap-dev rapidjson-dev zlib1g-dev
)
kernel_packages=(busybox-static cpio iproute2 kmod qemu-system-x86 user-mode-linux util-linux)
demo_packages=(iproute2 iputils-ping user-mode-linux kmod)
test_packages=(
  googletest cmake conntrack ethtool g++ iproute2 iptables iputils-ping jq libcap2-bin libnl-nf-3-dev
  libssh-gcrypt-4 man-db mandoc netbase nftables pkg-config procps strace tcpdump tshark
)
lint_packages=(clang clang-format clang-tidy mandoc shellcheck)
clang_packages=(clang libclang-rt-14-dev)
bench_packages=(iproute2 libbenchmark-dev python3-pyroute2 util-linux)

say() { printf '%s\n' "dev: $*" >&2; }
die() {
  say "$@"
  exit 1
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "$1 needs root, and sudo is not installed: run as root once"
  fi
}

# need PACKAGE…: installs those that are missing, after naming them.
need() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
      missing+=("$package")
  done
  ((${#missing[@]} == 0)) && return 0
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  say "installing Debian packages: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "apt-get could not install them (its last words are above)"
  fi
  rm -f "$log"
}

cache=${XDG_CACHE_HOME:-$HOME/.cache}/trivet

# Bazel with a cache that outlives the checkout, quiet where nobody watches.
bazel_run() {
  local verb=$1
  shift
  local flags=("--disk_cache=$cache/bazel")
  [[ -t 2 ]] || flags+=(--color=no --curses=no --noshow_progress)
  bazel "$verb" "${flags[@]}" "$@"
}

# build TARGET…: builds in the default configuration, which the tests share; speaks only of errors.
# build_release TARGET…: optimised, as it is installed and measured.
build() {
  need "${build_packages[@]}"
  say "building ${!#} (the first time takes a few minutes)"
  bazel_run build --ui_event_filters=-info "$@" || die "the build failed"
}
build_release() { build --config=release "$@"; }
