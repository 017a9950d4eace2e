#!/bin/sh
# A sweep by a script: every pair of learning rate and momentum trains in a folder of its own. Run again,
# it passes over what is done and goes on with what was interrupted.
#   examples/sweep.sh CONFIG DIR [section.key=value ...]
# DLA_TRAIN is the program; a row a run goes to DIR/results.csv.
set -u
config=${1:?usage: sweep.sh CONFIG DIR [section.key=value ...]}
dir=${2:?usage: sweep.sh CONFIG DIR [section.key=value ...]}
shift 2
: "${DLA_TRAIN:=./dla-train}"
failed=0

for lr in 0.1 0.05 0.01; do
  for momentum in 0 0.9; do
    run=$dir/lr=$lr,momentum=$momentum
    mkdir -p "$run" || exit
    [ -f "$run/result.json" ] && continue
    "$DLA_TRAIN" train --json -- "$config" "$@" optimizer.lr=$lr optimizer.momentum=$momentum \
      output.dir="$run" checkpoint.in=auto >"$run/result.part" 2>>"$run/log.txt"
    status=$?
    case $status in
      0) mv "$run/result.part" "$run/result.json" ;;
      3) echo "$run: diverged" >&2 && failed=1 ;;
      75) echo "$run: interrupted; the same command goes on" >&2 && exit 75 ;;
      *) echo "$run: failed with status $status: $(tail -n 1 "$run/log.txt")" >&2 && failed=1 ;;
    esac
  done
done

echo "run,best_test_accuracy" >"$dir/results.csv"
for result in "$dir"/*/result.json; do
  [ -f "$result" ] || continue
  accuracy=$(sed 's/.*"best_test_accuracy":\([^,]*\).*/\1/' "$result")
  echo "\"$(basename "$(dirname "$result")")\",$accuracy"
done | sort -t, -k3 -rn >>"$dir/results.csv"
cat "$dir/results.csv"
exit $failed
