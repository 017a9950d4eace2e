# A run that was stopped after k steps and went on ends like one that never was, to the byte: at the
# start, at an epoch's end, within an epoch; on every backend, and in both formats.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
here=$PWD

# check BACKEND K ...
check() {
  backend=$1
  shift
  whole=$backend-$format
  (folder "$whole" && "$DLA_TRAIN" c.yaml backend.name="$backend" >out 2>err) || exit 1
  for k in "$@"; do
    (folder "$whole-$k" &&
      "$DLA_TRAIN" c.yaml backend.name="$backend" train.max_steps="$k" >out 2>err &&
      "$DLA_TRAIN" c.yaml backend.name="$backend" train.max_steps=0 >out 2>err) || exit 1
    cd "$here" && same "$whole" "$whole-$k"
  done
}

format=safetensors
check reference 10
for fast in onednn openblas; do
  "$DLA_TRAIN" --version | grep -q "$fast" || continue
  format=safetensors
  check $fast 1 7 10
  format=pth
  check $fast 10
done
