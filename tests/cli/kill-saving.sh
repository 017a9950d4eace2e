# kill -9 at moments that nobody chose while checkpoints are written all the time: every file that has
# a checkpoint's name is whole, and the run, started again each time, ends as if it was never killed.
# KILLS: how often (make check-kill: 200).
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
here=$PWD
kills=${KILLS:-10}
more="train.epochs=40 schedule.t_max=40 train.threads=1 checkpoint.every_steps=1 checkpoint.keep_last=3"
# shellcheck disable=SC2086
(folder whole && "$DLA_TRAIN" c.yaml $more >out 2>err) || exit 1
folder parts
killed=0
while [ "$killed" -lt "$kills" ]; do
  # shellcheck disable=SC2086
  "$DLA_TRAIN" c.yaml $more >out 2>err &
  pid=$!
  # 50 to 849 ms, from the clock's digits.
  sleep "$(awk -v seed="$pid$killed" 'BEGIN { srand(seed); printf "%.3f", 0.05 + 0.8 * rand() }')"
  kill -9 $pid 2>/dev/null || { wait $pid; break; }
  wait $pid 2>/dev/null
  killed=$((killed + 1))
  for file in ckpt.*safetensors; do
    [ -f "$file" ] || continue
    "$DLA_TRAIN" inspect "$file" >inspect.txt 2>inspect.err || { cat inspect.err; exit 1; }
  done
  # Finished by then: from the start again.
  if [ -f ckpt.safetensors ] && "$DLA_TRAIN" inspect ckpt.safetensors | grep -q '^epoch: 40$'; then
    rm -f ckpt.* metrics.jsonl
  fi
done
echo "killed $killed times" >killed
# shellcheck disable=SC2086
"$DLA_TRAIN" c.yaml $more >out 2>err || grep -q 'the run is finished' err || { cat err; exit 1; }
ls ckpt.*.tmp 2>/dev/null && exit 1
cd "$here" && same whole parts
