#!/bin/sh
# model.sh MODEL [-DNAME=VALUE ...]: checks the model of the sync (sync.pml) in all its states, and that spin finds
# each fault that its beginning lists. Writes into the current folder.
set -eu
model=$1
shift

# explore OUTPUT OPTIMIZATION [OPTION ...]
explore() {
  output=$1
  optimization=$2
  shift 2
  spin -a "$@" "$model" >spin.log 2>&1 || { cat spin.log; exit 1; }
  ${CC:-cc} $optimization -DSAFETY -DCOLLAPSE -o pan pan.c
  ./pan -m1000000 >"$output" 2>&1
  ! grep -q 'max search depth too small\|out of memory' "$output" || { cat "$output"; exit 1; }
}

explore whole -O1 "$@"
grep -q 'errors: 0$' whole || { cat whole; echo "$model: an assertion fails; spin -t -p $model shows how"; exit 1; }
states=$(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' whole)
faults=$(sed -n 's/^ \*   \([A-Z_]*\)  *[a-z].*/\1/p' "$model")
found=0
for fault in $faults; do
  explore "$fault" -O0 "-D$fault" "$@" # found soon
  grep -q 'assertion violated' "$fault" || { echo "$model: $fault is not noticed"; exit 1; }
  found=$((found + 1))
done
echo "$states states, no fault; $found of $found made faults found"
