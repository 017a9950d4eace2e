# Each update rule: its own defaults, a run that goes on to the byte from both formats of checkpoints, and what the
# checkpoint says of it.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
rule() { # FOLDER: the fixture with the rule $name
  folder "$1"
  printf 'optimizer: {name: %s, lr: 0.002, weight_decay: 0.02}\n' "$name" >>c.yaml
}
for format in safetensors pth; do
  for name in adam adamw lion; do
    goes_on rule "$name.once" "$name.twice"
    [ $format = pth ] || "$DLA_TRAIN" inspect "$name.once/ckpt.$format" | grep -E '^(lr|beta[12]|eps|weight_decay):'
    # Another rule's state is not this one's.
    (cd "$name.once" && "$DLA_TRAIN" c.yaml optimizer.name=sgd train.epochs=4 \
      checkpoint.in=ckpt.$format output.dir=other 2>&1) |
      grep -o "its optimizer is .*" | sort -u
    rm -rf "$name.once" "$name.twice"
  done
done
for name in sgd adam adamw lion; do
  "$DLA_TRAIN" config optimizer.name=$name | sed -n '/^optimizer:/,/^[a-z]*:$/p' | grep -E '^  (name|lr|weight_decay|beta2):' | tr '\n' ' '
  echo
done
"$DLA_TRAIN" config optimizer.name=adam optimizer.eps=0 2>&1
"$DLA_TRAIN" config optimizer.name=adma 2>&1
true
