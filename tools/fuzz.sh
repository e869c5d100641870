#!/usr/bin/env bash
# Random bytes against each parser: `fuzz.sh [NAME] [SECONDS]`. Without a name all targets run, one after another, 30
# seconds each unless said otherwise. Inputs that reached new code are kept in build-fuzz/corpus/NAME, so the next run
# goes on from there; an input that breaks the target is kept in build-fuzz/ and named at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:-} seconds=${2:-30}
if [[ $name =~ ^[0-9]+$ ]]; then seconds=$name name=; fi
targets=$(basename -s .cpp -a fuzz/*.cpp)
[ -z "$name" ] || grep -qx "$name" <<<"$targets" || { echo "no fuzz target $name; there are: ${targets//$'\n'/, }" >&2; exit 2; }

[ -f build-fuzz/build.ninja ] || cmake -S . -B build-fuzz -G Ninja -DPython3_EXECUTABLE="$PWD/.venv/bin/python" \
  -DCMAKE_CXX_COMPILER=clang++-19 -DRETRAIN_FUZZ=ON -DRETRAIN_TESTS=OFF >/dev/null
for target in ${name:-$targets}; do
  ninja -C build-fuzz "fuzz_$target"
  corpus=build-fuzz/corpus/$target seeds=()
  mkdir -p "$corpus"
  [ ! -d "fuzz/seeds/$target" ] || seeds=("fuzz/seeds/$target")
  printf '\n== %s, %s s\n' "$target" "$seconds"
  "build-fuzz/bin/fuzz_$target" -max_total_time="$seconds" -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="build-fuzz/$target-" "$corpus" "${seeds[@]}" 2>&1 | grep -vE "^#[0-9]|^INFO|DICTIONARY|dictionary|# Uses"
done
