# Each way to regularise, a row of keys: a run of three epochs, and one that ends in the middle of the second
# and goes on, come to the same bytes; and not to the losses of a run without.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"

# dropping: a network that drops, beside the fixture's.
dropping() {
  sed 's/src: \[bn2, relu1\]/src: [path, relu1]/
    /bn2, op/a\  - {name: path, op: stochastic_depth, p: 0.3}
    /name: pool/a\  - {name: drop, op: dropout, p: 0.2}' net.yaml >drop.yaml
}

# train FOLDER KEY=VALUE ...: in the fixture's folder of that name.
train() {
  name=$1
  shift
  [ -d "$name" ] || (folder "$name" && dropping) || exit 1
  (cd "$name" && "$DLA_TRAIN" c.yaml train.threads=1 "$@" >out 2>&1) || { echo "$*"; cat "$name/out"; exit 1; }
}

train plain
values plain/metrics.jsonl >plain.values
number=0
while read -r keys; do
  number=$((number + 1))
  # shellcheck disable=SC2086
  train "once-$number" $keys
  # shellcheck disable=SC2086
  train "twice-$number" $keys train.max_steps=10
  # shellcheck disable=SC2086
  train "twice-$number" $keys train.max_steps=0
  (same "once-$number" "twice-$number") || { echo "goes on to other bytes: $keys"; exit 1; }
  ! cmp -s plain.values "once-$number.values" || { echo "without effect: $keys"; exit 1; }
done <<'END'
augment.flip=alternating
augment.cutout=8
augment.initial_scale=0.6 augment.finetune_fraction=0.3 augment.delay_fraction=0.3 augment.cutout=8
augment.mixup=0.2
augment.cutmix=1
augment.mixup=0.4 augment.cutmix=1 train.label_smoothing=0.1
augment.policy=rand_augment augment.magnitude=12
augment.policy=trivial_augment_wide
train.ema=0.9
train.accumulate=3 optimizer.clip_grad_norm=0.5 augment.mixup=0.2
model.graph=drop.yaml
model.graph=drop.yaml train.accumulate=2
train.precision=bf16
train.precision=bf16 train.accumulate=2 train.recompute=false train.ema=0.9
model.graph= model.width=0.02 model.drop_path=0.3 train.epochs=2
END
