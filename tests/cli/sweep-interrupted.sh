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
(sweep_folder whole 80 && sweep_file && sweep) || exit 1
sweep_folder parts 80
sweep_file
t=out.d/lr=0.1

# steps N: waits until the first trial has done so many.
steps() {
  for _ in $(seq 60000); do
    [ "$(cat $t/metrics.jsonl 2>/dev/null | wc -l)" -gt "$1" ] && return
    sleep 0.01
  done
}
# A shell starts what is in the background with SIGINT ignored, and so it would stay.
done=0
for signal in TERM INT USR1; do
  env --default-signal=INT "$DLA_TRAIN" sweep s.yaml >out 2>err &
  pid=$!
  steps $((done + 8))
  kill -s $signal $pid
  wait $pid
  status=$?
  [ $status = 75 ] || { echo "status $status after $signal"; cat err; exit 1; }
  done=$(wc -l <$t/metrics.jsonl)
done
tail -n 1 err
# The first trial alone is killed: it failed, and the second goes on.
"$DLA_TRAIN" sweep s.yaml >out 2>err &
pid=$!
steps $((done + 8))
for trial in $(cat /proc/$pid/task/*/children); do
  tr '\0' '\n' <"/proc/$trial/cmdline" | grep -q 'lr=0.1/' && kill -9 "$trial"
done
wait $pid
echo "status $?"
grep 'lr=0.1: failed' err
cat $t/failure.json
sweep --retry-failed || { cat err; exit 1; }
cd "$here" || exit 99
for t in lr=0.1 lr=0.05; do
  cmp "whole/out.d/$t/checkpoint.safetensors" "parts/out.d/$t/checkpoint.safetensors" || exit 1
  values "whole/out.d/$t/metrics.jsonl" >whole.values
  values "parts/out.d/$t/metrics.jsonl" | cmp - whole.values || exit 1
done
