# Sourced by the tests of sweeps: the small network of resume_fixture.sh as a base config, base.yaml.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
[ "$(nproc)" -gt 1 ] && two=2 || two=1 # trials at once

# sweep_folder NAME EPOCHS: makes and enters it.
sweep_folder() {
  folder "$1"
  sed "/^checkpoint/d; /^output/d; s/epochs: 3/epochs: $2, threads: 1/; s/t_max: 3/t_max: $2/" c.yaml >base.yaml
}

# sweep ARGUMENT ...: of s.yaml; leaves out and err.
sweep() {
  "$DLA_TRAIN" sweep s.yaml "$@" >out 2>err
}

# metrics TRIAL ACCURACY ...: writes the trial's metrics anew, an epoch an accuracy.
metrics() {
  trial=$1 epoch=0
  shift
  for accuracy in "$@"; do
    epoch=$((epoch + 1))
    echo "{\"type\":\"epoch\",\"epoch\":$epoch,\"step\":$((7 * epoch)),\"test_loss\":1,\"test_accuracy\":$accuracy}"
  done >"out.d/$trial/metrics.jsonl"
}

# The same for a sweep; see `endless` of resume_fixture.sh.
# sweep_endless: the trials of base.yaml, before they begin, get no end.
sweep_endless() {
  sed -i "s/epochs: [0-9]*,/$endless,/" base.yaml
}
# sweep_ends_soon: they get some epochs more than the furthest has begun, also by what each keeps of its
# config: a sweep refuses another one.
sweep_ends_soon() {
  begun=$(for file in out.d/*/metrics.jsonl; do grep -c '"epoch",' "$file"; done | sort -n | tail -n 1)
  sed -i "s/$endless/epochs: $((begun + 3))/" base.yaml out.d/*/config.yaml
}
