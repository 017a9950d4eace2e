# Which checkpoints a run keeps: the last two and the best two, each by its name; one a moment with
# every_minutes; best and last can be asked for. A second SIGINT ends the program at once.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
folder a
"$DLA_TRAIN" c.yaml train.epochs=6 schedule.t_max=6 checkpoint.keep_last=2 checkpoint.keep_best=2 \
  checkpoint.every_minutes=0.000000001 >out 2>err || exit 1
ls ckpt.*
step() {
  "$DLA_TRAIN" inspect "$1" | sed -n 's/^step: //p'
}
echo "last $(step ckpt.safetensors), before it $(step ckpt.step-000000*.safetensors)"
[ "$(step ckpt.best.safetensors)" -gt "$(step ckpt.best-2.safetensors)" ] || exit 2
accuracy=$("$DLA_TRAIN" inspect ckpt.best.safetensors | sed -n 's/^best_accuracy: //p')
found=$("$DLA_TRAIN" eval c.yaml checkpoint.in=best --json 2>err | sed 's/.*"accuracy":\([0-9.]*\).*/\1/')
awk -v a="$accuracy" -v b="$found" 'BEGIN { exit !(a - b < 1e-6 && b - a < 1e-6) }' || exit 3
cp ckpt.safetensors before
env --default-signal=INT "$DLA_TRAIN" c.yaml checkpoint.in=last train.epochs=4000 checkpoint.every_epochs=4000 \
  checkpoint.keep_best=0 >out 2>err &
pid=$!
sleep 1
kill -s INT $pid
kill -s INT $pid
wait $pid
status=$?
# The first may have been enough, if the step in flight was over by then.
[ $status = 130 ] || [ $status = 75 ] || { echo "status $status"; cat err; }
"$DLA_TRAIN" inspect ckpt.safetensors >inspect.txt || exit 4
