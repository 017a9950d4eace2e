# SIGTERM to the sweep reaches its trials, which save; the same command goes on, and ends with the
# same bytes as a sweep that was never interrupted. So does a trial that was killed.
. "$DLA_SRCDIR/tests/cli/sweep_fixture.sh"
here=$PWD
sweep_file() {
  cat >s.yaml <<END
base: base.yaml
parameters: {optimizer.lr: [0.1, 0.05]}
parallel: $two
output: {dir: out.d}
END
}
sweep_folder parts 80
sweep_file
sweep_endless
t=out.d/lr=0.1

# steps TRIAL N: waits until it has done more.
steps() {
  until [ "$(cat "$1/metrics.jsonl" 2>/dev/null | wc -l)" -gt "$2" ]; do
    kill -0 $pid 2>/dev/null || { echo "it ended by itself"; cat err; exit 1; }
    sleep 0.02
  done
}
# A shell starts what is in the background with SIGINT ignored, and so it would stay.
done=0
for signal in TERM INT USR1; do
  env --default-signal=INT "$DLA_TRAIN" sweep s.yaml >out 2>err &
  pid=$!
  steps $t $((done + 8))
  kill -s $signal $pid
  wait $pid
  status=$?
  [ $status = 75 ] || { echo "status $status after $signal"; cat err; exit 1; }
  done=$(wc -l <$t/metrics.jsonl)
done
tail -n 1 err
# The first trial alone is killed: it failed, and the second goes on, also to its end.
"$DLA_TRAIN" sweep s.yaml >out 2>err &
pid=$!
steps $t $((done + 8))
for trial in $(cat /proc/$pid/task/*/children); do
  tr '\0' '\n' <"/proc/$trial/cmdline" | grep -q 'lr=0.1/' && kill -9 "$trial"
done
until grep -q 'lr=0.1: failed' err; do
  kill -0 $pid 2>/dev/null || break
  sleep 0.02
done
steps out.d/lr=0.05 $(($(cat out.d/lr=0.05/metrics.jsonl 2>/dev/null | wc -l) + 8))
kill -s TERM $pid
wait $pid
echo "status $?"
grep 'lr=0.1: failed' err
sweep_ends_soon
sweep
echo "status $?"
cat $t/failure.json
sweep --retry-failed || { cat err; exit 1; }
cp base.yaml "$here"
cd "$here" || exit 99
(sweep_folder whole 80 && sweep_file && cp "$here/base.yaml" . && sweep) || exit 1
for t in lr=0.1 lr=0.05; do
  cmp "whole/out.d/$t/checkpoint.safetensors" "parts/out.d/$t/checkpoint.safetensors" || exit 1
  values "whole/out.d/$t/metrics.jsonl" >whole.values
  values "parts/out.d/$t/metrics.jsonl" | cmp - whole.values || exit 1
done
