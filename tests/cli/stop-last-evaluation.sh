# A signal in the evaluation behind the last of train.max_steps: nothing is left to go on with, so the
# status is 0 and not 75, which would have the run started again.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
folder a
"$DLA_TRAIN" c.yaml backend.name=reference dataset.path="$whole" dataset.test_limit=10000 train.max_steps=3 --json >out 2>err &
pid=$!
# The last step's line is written before the evaluation begins, which takes much longer than this.
until grep -q '"step":3,' metrics.jsonl 2>/dev/null; do
  kill -0 $pid 2>/dev/null || { cat err; exit 1; }
  sleep 0.01
done
kill -s TERM $pid
wait $pid
echo "status $?"
grep '^warning: ' err
sed 's/,"checkpoint.*//' out
"$DLA_TRAIN" inspect ckpt.safetensors | sed -n 's/^step: /step /p'
# Where more steps are asked for, the epoch goes on as if it had never been interrupted.
"$DLA_TRAIN" c.yaml backend.name=reference train.max_steps=0 >out 2>err || exit 2
folder ../whole
"$DLA_TRAIN" c.yaml backend.name=reference >out 2>err || exit 3
cd .. && same whole a
