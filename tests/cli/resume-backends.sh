# A checkpoint goes on with every backend of this build, one after the other, and says what that
# means. Its losses stay as close to an undisturbed run's as the backends' sums are.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
here=$PWD

# run STEPS BACKEND
run() {
  "$DLA_TRAIN" c.yaml train.max_steps="$1" backend.name="$2" backend.device=0 >out 2>err || { cat err; exit 1; }
}

(folder alone && run 21 reference) || exit 1
folder changing
step=0
before=
for backend in $(backends) $(backends); do
  step=$((step + 2))
  run $step "$backend"
  [ -z "$before" ] || [ "$before" = "$backend" ] ||
    grep -q "^warning: backend: $before, .* when the checkpoint was written, $backend, .* now: results will differ in their last bits" err ||
    { echo "no warning from $before to $backend:"; cat err; }
  before=$backend
done
run 21 reference
cd "$here" || exit 1

# The loss of the last epoch, three digits of it.
loss() {
  sed -n 's/.*"train_loss":\([0-9.]*\).*/\1/p' "$1/metrics.jsonl" | tail -n 1 | cut -c 1-5
}
[ -n "$(loss alone)" ] || echo "no loss in the metrics"
[ "$(loss alone)" = "$(loss changing)" ] || echo "loss $(loss alone) alone, $(loss changing) with changing backends"
