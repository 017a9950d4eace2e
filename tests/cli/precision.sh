# train.precision: bf16 trains, and takes less memory; a run goes on in the other precision, with a word; what it
# leaves is evaluated and inspected like any other; a name that is none is refused.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
folder run
train() {
  "$DLA_TRAIN" c.yaml train.threads=1 "$@" >out 2>err || { echo "$*: status $?"; cat out err; }
}
train train.precision=bf16 train.max_steps=5
train train.precision=f32 train.max_steps=9
grep '^train.precision:' err
train train.precision=bf16 train.max_steps=0
grep '^train.precision:' err
"$DLA_TRAIN" eval c.yaml checkpoint.in=ckpt.safetensors >out 2>err || cat out err
grep -c '^test accuracy' out
"$DLA_TRAIN" inspect ckpt.safetensors | grep -c 'BF16' # parameters are not

listing() {
  "$DLA_TRAIN" graph --program c.yaml train.batch_size=16 train.precision="$1" || echo "status $?"
}
listing f32 | grep -c 'BF16\|convert'
listing bf16 >bf16
[ "$(grep -c 'BF16' bf16)" -gt 10 ] || echo "few images are bfloat16"
grep -c '^ *[0-9]*  conv1 convert forward' bf16
# The planned arena of a network of many layers: not more than 65 in a hundred.
arena() {
  "$DLA_TRAIN" graph --program model.width=0.25 train.batch_size=32 train.precision="$1" |
    sed -n "s/^planned peak: \\([0-9]*\\) .*/\\1/p"
}
[ $((100 * $(arena bf16))) -lt $((65 * $(arena f32))) ] || echo "the arena: $(arena bf16) bytes of $(arena f32)"

"$DLA_TRAIN" bench --steps 1 c.yaml train.precision=bf16 2>err | sed -n '1s/, batch.*//p'
"$DLA_TRAIN" c.yaml train.precision=fp16 2>&1
echo "status $?"
