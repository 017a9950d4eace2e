# What a run replaces is what the file says, not what its name or the run's start would make it: a
# damaged checkpoint takes no whole one's place, and going back to the best keeps what came after it.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
folder a
train() {
  "$DLA_TRAIN" c.yaml checkpoint.every_steps=2 checkpoint.keep_best=0 "$@" >out 2>err || { cat err; exit 1; }
}
step() {
  "$DLA_TRAIN" inspect "$1" | sed -n 's/^step: //p'
}
train checkpoint.keep_last=3 train.max_steps=13
cp ckpt.safetensors last
cp ckpt.step-00000011.safetensors good
cp ckpt.step-00000009.safetensors best
damage ckpt.safetensors
train checkpoint.keep_last=3 train.max_steps=12
grep 'skipped\|starting' err >&2
cmp good ckpt.step-00000011.safetensors || exit 2
ls ckpt.*

echo "back to the best"
cp last ckpt.safetensors
cp best ckpt.best.safetensors
train checkpoint.in=best checkpoint.keep_last=1 train.max_steps=11
cmp last ckpt.step-00000013.safetensors || exit 3
echo "out is of step $(step ckpt.safetensors)"
ls ckpt.*

echo "and on, with names that lie and one that is damaged"
cp best ckpt.step-00000099.safetensors
: >ckpt.step-00000001.safetensors
train checkpoint.keep_last=2 train.max_steps=12
cmp last ckpt.step-00000013.safetensors || exit 4
ls ckpt.*

echo "where its name is taken, out is not replaced"
cp ckpt.safetensors before
mkdir ckpt.step-00000012.safetensors
"$DLA_TRAIN" c.yaml checkpoint.keep_last=2 checkpoint.keep_best=0 train.max_steps=13 >out 2>err
echo "status $?"
grep -c '^dla-train: error: ckpt.step-00000012.safetensors: ' err
cmp before ckpt.safetensors
