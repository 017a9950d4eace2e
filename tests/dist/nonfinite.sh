# What the first rank finds in the checkpoint that it would write ends all ranks, in one line.
. "$DLA_SRCDIR/tests/dist/fixture.sh"
folder a
"$DLA_TRAIN" c.yaml train.epochs=1 >out 2>err || exit 1
cp ckpt.safetensors good
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$DLA_SRCDIR/tests/cli/poison.py" good bad.safetensors \
  optimizer.momentum.linear.bias 3e38 || exit 99
for every in 1 100; do
  ranks 2 c.yaml checkpoint.in=bad.safetensors train.epochs=2 train.max_steps=8 checkpoint.every_steps=$every \
    optimizer.lr=1000 optimizer.momentum=0.99 schedule.warmup_epochs=0 >out 2>err
  status=$?
  echo "status $status"
  [ "$status" = 3 ] || cat err
  grep '^dla-train: ' err | sed 's/became [-a-z]*/became none/'
done
cmp good ckpt.safetensors
