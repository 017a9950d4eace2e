# SIGTERM, SIGINT and SIGUSR1 at moments that nobody chose: status 75 each time, and the same command
# again goes on, until the run ends like one that was never interrupted.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
more="train.epochs=30 schedule.t_max=30 train.threads=1"
here=$PWD
# shellcheck disable=SC2086
(folder whole && "$DLA_TRAIN" c.yaml $more >out 2>err) || exit 1
folder parts
interrupted=0
for signal in TERM INT USR1 TERM INT USR1; do
  lines=$(cat metrics.jsonl 2>/dev/null | wc -l)
  # A shell starts what is in the background with SIGINT ignored, and so it would stay.
  # shellcheck disable=SC2086
  env --default-signal=INT "$DLA_TRAIN" c.yaml $more >out 2>err &
  pid=$!
  # Wait for it to do something; the metrics may first be cut back.
  for _ in $(seq 50000); do
    sleep 0.02
    kill -0 $pid 2>/dev/null || break
    now=$(cat metrics.jsonl 2>/dev/null | wc -l)
    [ "$now" -gt "$lines" ] && break
  done
  kill -s "$signal" $pid 2>/dev/null
  wait $pid
  status=$?
  [ $status = 0 ] && break
  [ $status = 75 ] || { echo "status $status after $signal"; cat err; exit 1; }
  grep -q '^dla-train: interrupted: ckpt.safetensors: stopped behind step [0-9]*, which is saved' err || exit 1
  interrupted=$((interrupted + 1))
done
[ $interrupted -gt 0 ] || { echo "it was never interrupted"; exit 1; }
# shellcheck disable=SC2086
[ $status = 0 ] || "$DLA_TRAIN" c.yaml $more >out 2>err || exit 1
cd "$here" && same whole parts
