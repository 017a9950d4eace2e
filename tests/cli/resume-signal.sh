# SIGTERM, SIGINT and SIGUSR1 at moments that nobody chose: status 75 each time, and the same command
# again goes on, until the run ends like one that was never interrupted.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
more="schedule.t_max=30 train.threads=1"
here=$PWD
folder parts
sed -i "s/epochs: 3/$endless/" c.yaml
for signal in TERM INT USR1 TERM INT USR1; do
  lines=$(cat metrics.jsonl 2>/dev/null | wc -l)
  # A shell starts what is in the background with SIGINT ignored, and so it would stay.
  # shellcheck disable=SC2086
  env --default-signal=INT "$DLA_TRAIN" c.yaml $more >out 2>err &
  pid=$!
  # Wait for it to do something; the metrics may first be cut back.
  until [ "$(cat metrics.jsonl 2>/dev/null | wc -l)" -gt "$lines" ]; do
    kill -0 $pid 2>/dev/null || { echo "it ended by itself"; cat err; exit 1; }
    sleep 0.02
  done
  kill -s "$signal" $pid
  wait $pid
  status=$?
  [ $status = 75 ] || { echo "status $status after $signal"; cat err; exit 1; }
  grep -q '^dla-train: interrupted: ckpt.safetensors: stopped behind step [0-9]*, which is saved' err || exit 1
done
ends_soon
cp c.yaml "$here/c.yaml"
# shellcheck disable=SC2086
"$DLA_TRAIN" c.yaml $more >out 2>err || exit 1
# shellcheck disable=SC2086
(folder "$here/whole" && cp "$here/c.yaml" . && "$DLA_TRAIN" c.yaml $more >out 2>err) || exit 1
cd "$here" && same whole parts
