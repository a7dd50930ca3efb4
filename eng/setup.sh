#!/usr/bin/env bash
# Makes `dotnet build`, `test` and `publish` work on this machine: looks at the package source once, and where the native Kafka library
# cannot be had as a package, takes the operating system's.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

command -v dotnet >/dev/null || { echo "the .NET SDK 10 is needed: dotnet is not on the PATH" >&2; exit 1; }
[ -e "$root/eng/feed.props" ] || bash "$root/eng/probe.sh"

# install PACKAGE..: by Debian's package manager where there is one and we may
install() {
  command -v apt-get >/dev/null || { echo "please install: $*" >&2; return 1; }
  local as=""
  [ "$(id -u)" = 0 ] || as="sudo -n"
  echo "installing $*"
  { $as apt-get install -y --no-install-recommends "$@" || { $as apt-get update && $as apt-get install -y --no-install-recommends "$@"; }; } >"$root/eng/install.log" 2>&1 \
    || { tail -n 5 "$root/eng/install.log" >&2; return 1; }
}

# has LIBRARY: whether the dynamic linker finds it
has() { case "$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null)" in *"$1"*) ;; *) return 1 ;; esac; }

if grep -q UseSystemLibrdkafka "$root/eng/feed.props"; then
  has librdkafka.so.1 || install librdkafka1
  command -v gcc >/dev/null || install gcc libc6-dev
  shim="$root/eng/native/librdkafka.so"
  if [ ! -e "$shim" ] || [ "$root/eng/rdkafka_compat.c" -nt "$shim" ]; then
    echo "building the shim between the Kafka client and the operating system's librdkafka"
    mkdir -p "$root/eng/native"
    gcc -O2 -shared -fPIC -o "$shim.new" "$root/eng/rdkafka_compat.c" -Wl,--no-as-needed -l:librdkafka.so.1
    mv "$shim.new" "$shim"
  fi
fi
if grep -q UseSystemSqlite "$root/eng/feed.props"; then
  has libsqlite3.so.0 || install libsqlite3-0
fi

# What only tests need: a test whose server is missing says so and is skipped.
if [ "${1:-}" = test ]; then
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || install postgresql || echo "no PostgreSQL: its tests will be skipped"
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || install chromium || echo "no Chromium: the dashboard will not be looked at in a browser"
  command -v prometheus-alertmanager >/dev/null || install prometheus-alertmanager || echo "no Alertmanager: the comparison with it will be skipped"
  command -v promtool >/dev/null || install prometheus || echo "no Prometheus: its reading of /metrics will not be tested"
fi
