# SIGTERM to one rank stops all behind the same step with status 75, while they evaluate, too, and the
# run goes on from there; kill -9 of one ends the others with its name, and leaves a whole checkpoint.
. "$DLA_SRCDIR/tests/dist/fixture.sh"
without_leaks
more="train.epochs=100000 schedule.t_max=100000 checkpoint.every_epochs=1000000 checkpoint.every_steps=5"
folder a

# start: begins a run in the background, as $pid, and waits until it has saved; its second rank: $other.
start() {
  lines=$(cat metrics.jsonl 2>/dev/null | wc -l)
  # shellcheck disable=SC2086
  OMP_NUM_THREADS=1 mpirun --oversubscribe --bind-to none -np 2 "$DLA_TRAIN" c.yaml $more >out 2>err &
  pid=$!
  for _ in $(seq 12000); do
    sleep 0.05
    kill -0 $pid 2>/dev/null || break
    [ -f ckpt.safetensors ] && [ "$(cat metrics.jsonl 2>/dev/null | wc -l)" -gt "$((lines + 8))" ] && break
  done
  other=$(ps -o pid= --ppid "$pid" | tail -n 1)
}

start
kill -TERM $other
wait $pid
echo "status $?"
grep -c '^dla-train: interrupted: ckpt.safetensors: stopped behind step' err
"$DLA_TRAIN" inspect ckpt.safetensors >inspect || exit 1
[ "$(sed -n 's/^step: //p' inspect)" = "$(grep -c '"type":"step"' metrics.jsonl)" ] || exit 1

start
kill -KILL $other
wait $pid
[ $? != 0 ] && echo "it failed"
# Open MPI 5 breaks the line.
tr -s ' \n' '  ' <err | grep -o 'process rank 1 with PID [0-9]* on node [^ ]* exited on signal 9' |
  sed 's/PID.*node [^ ]*/.../'
"$DLA_TRAIN" inspect ckpt.safetensors >inspect || exit 1

# While they evaluate: a test set that takes long, after the epoch's seven steps. The first run is the
# one without a stop.
cd .. && here=$PWD
long="train.sync_bn=true train.epochs=1 schedule.t_max=1 dataset.test_limit=2500 train.test_batch_size=2"
# shellcheck disable=SC2086
(folder whole && ranks 2 c.yaml $long >out 2>err) || exit 1
folder stopped
# shellcheck disable=SC2086
OMP_NUM_THREADS=1 mpirun --oversubscribe --bind-to none -np 2 "$DLA_TRAIN" c.yaml $long >out 2>err &
pid=$!
for _ in $(seq 30000); do
  [ "$(cat metrics.jsonl 2>/dev/null | wc -l)" -ge 7 ] && break
  sleep 0.02
done
kill -TERM "$(ps -o pid= --ppid "$pid" | tail -n 1)"
wait $pid
echo "status $?"
grep -o 'stopped behind step .*, which is saved' err
# shellcheck disable=SC2086
ranks 2 c.yaml $long >out 2>err || exit 1
cd "$here" && same whole stopped && cmp whole/out stopped/out
