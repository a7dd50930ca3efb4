#!/usr/bin/env bash
# The one entry: ./build.sh setup | demo | test | bench | chaos | fuzz | pack
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results=artifacts/tests

usage() {
  cat <<'TEXT'
usage: ./build.sh COMMAND
  setup            what this machine lacks (looked up once, said, and mended)
  demo [ARGS]      the whole system on this machine; --once ends by itself
  test             all tests; ends with the line "N passed, N failed, N skipped"
  bench [--quick]  the performance goals as ratios; --readme README.md puts the table there; --peers: numpy and scipy beside it;
                   --worker: the worker as a process, with a broker and a PostgreSQL of its own
  chaos            the long crash tests and simulations
  fuzz             the long campaigns with damaged input
  pack             the packages into artifacts/packages
TEXT
}

build() { dotnet build Drift.sln -c Release -v quiet -nologo -clp:ErrorsOnly; }

# run_tests NAME PROJECT [ARGS]: one test run with a result file of its own; its numbers are added up by count
run_tests() {
  local name=$1 project=$2
  shift 2
  echo "== $name"
  rm -f "$results/$name.trx"
  dotnet test "tests/$project" -c Release --no-build -nologo --logger "trx;LogFileName=$PWD/$results/$name.trx" --logger "console;verbosity=minimal" "$@" || failed=1
  runs+=("$name")
}

# count: the sum over all result files; a run without one is a failure
count() {
  local passed=0 bad=0 skipped=0 counters total ran fine
  for name in "${runs[@]}"; do
    if [ ! -e "$results/$name.trx" ]; then
      echo "no result file: $name"
      bad=$((bad + 1))
      continue
    fi
    counters=$(grep -o '<Counters [^>]*>' "$results/$name.trx" | head -n 1)
    number() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
    total=$(number total) ran=$(number executed) fine=$(number passed)
    passed=$((passed + fine)) skipped=$((skipped + total - ran)) bad=$((bad + ran - fine))
  done
  [ "$failed" = 0 ] || [ "$bad" -gt 0 ] || bad=1
  echo "$passed passed, $bad failed, $skipped skipped"
  [ "$bad" = 0 ]
}

all_tests() {
  failed=0 runs=()
  mkdir -p "$results"
  build
  # The kernels must agree bit for bit on every instruction set, so the library's tests run on each.
  run_tests core Drift.Core.Tests
  DOTNET_EnableAVX512=0 run_tests core-avx2 Drift.Core.Tests
  DOTNET_EnableAVX2=0 run_tests core-sse Drift.Core.Tests
  DOTNET_EnableHWIntrinsic=0 run_tests core-scalar Drift.Core.Tests
  run_tests alerts Drift.Alerts.Tests
  run_tests worker Drift.Worker.Tests
  count
}

# campaign NAME=PROJECT..: the tests of these traits, which a plain run skips
campaign() {
  failed=0 runs=()
  mkdir -p "$results"
  build
  for each in "$@"; do run_tests "${each/=/-}" "${each#*=}" --filter "Campaign=${each%%=*}"; done
  count
}

pack() {
  local out=artifacts/packages suffix=""
  export Packing=true # MSBuild's property: all analyzers
  rm -rf "$out"
  for library in Drift.Core Drift.Core.Arrow Drift.Alerts; do dotnet pack "src/$library" -c Release -v quiet -nologo -o "$out"; done
  grep -qs WithoutArrow eng/feed.props && echo "Drift.Core.Arrow is not packed: this machine's package source lacks Apache.Arrow or Microsoft.Data.Analysis" >&2
  if grep -qs UseSystemLibrdkafka eng/feed.props; then
    if [ "${1:-}" != --allow-local ]; then
      ls "$out"
      echo "the tool is not packed: this machine's package source lacks librdkafka.redist, so it would hold no native Kafka library (--allow-local packs it as a -local version)" >&2
      return 1
    fi
    suffix="--version-suffix local"
  fi
  dotnet pack src/Drift.Worker -c Release -v quiet -nologo -o "$out" $suffix
  ls "$out"
}

command=${1:-}
[ $# -gt 0 ] && shift
case "$command" in
  setup) bash eng/setup.sh test ;;
  demo)
    bash eng/setup.sh
    dotnet build src/Drift.Worker -c Release -v quiet -nologo -clp:ErrorsOnly
    exec dotnet src/Drift.Worker/bin/Release/net10.0/drift.dll demo "$@" ;;
  test)
    bash eng/setup.sh test
    all_tests ;;
  bench)
    bash eng/setup.sh
    dotnet build tests/Drift.Benchmarks -c Release -v quiet -nologo -clp:ErrorsOnly
    exec dotnet tests/Drift.Benchmarks/bin/Release/net10.0/Drift.Benchmarks.dll "$@" ;;
  chaos)
    bash eng/setup.sh test
    DRIFT_CHAOS=1 campaign chaos=Drift.Worker.Tests statistics=Drift.Core.Tests statistics=Drift.Alerts.Tests ;;
  fuzz)
    bash eng/setup.sh test
    DRIFT_FUZZ=1 campaign fuzz=Drift.Core.Tests fuzz=Drift.Worker.Tests ;;
  pack)
    bash eng/setup.sh
    pack "$@" ;;
  -h | --help | help) usage ;;
  *) usage >&2; exit 2 ;;
esac
