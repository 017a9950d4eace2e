# A small network's curve on the device is the reference's: losses and accuracies of all epochs.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
. "$DLA_SRCDIR/tests/cli/opencl_fixture.sh"

# curve BACKEND: trains in a folder of its own; a line of numbers an epoch.
curve() {
  (folder "$1" && "$DLA_TRAIN" c.yaml backend.name="$1" backend.device=0 >out 2>err || cat err)
  tr ',{}' '\n' <"$1/metrics.jsonl" | sed -n 's/^"\(train_loss\|test_loss\|test_accuracy\)":/\1 /p' >"$1.curve"
}
curve reference
curve opencl
wc -l reference.curve
paste -d ' ' reference.curve opencl.curve |
  awk '{ apart = $2 - $4; if ($1 != $3 || apart > 1e-4 * $2 || apart < -1e-4 * $2) print "differs: " $0 }'
# From one checkpoint to the other backend and back, both ways: tests/cli/resume-backends.sh.
(cd opencl && "$DLA_TRAIN" eval c.yaml checkpoint.in=ckpt.safetensors backend.name=reference >../a 2>&1)
(cd opencl && "$DLA_TRAIN" eval c.yaml checkpoint.in=ckpt.safetensors backend.name=opencl backend.device=0 >../b 2>&1)
grep -o 'test accuracy [0-9.]*' a >a.accuracy
grep -o 'test accuracy [0-9.]*' b | cmp - a.accuracy && wc -l <a.accuracy
