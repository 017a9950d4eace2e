# A checkpoint that holds NaN, an infinity or a negative variance is refused by the tensor's name, in
# both formats; only inspect and convert look into it, where asked. A best accuracy that is none is as
# good as unknown. A test loss that is none ends eval and training with status 3.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
poison() {
  PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$DLA_SRCDIR/tests/cli/poison.py" "$@" || exit 99
}
told() {
  echo "status $?"
  grep '^dla-train: \|^warning: ' err
}
folder a
"$DLA_TRAIN" c.yaml train.epochs=1 >out 2>err || exit 1
cp ckpt.safetensors good

poison good bad.safetensors model.bn1.weight nan
"$DLA_TRAIN" c.yaml checkpoint.in=bad.safetensors >out 2>err; told
"$DLA_TRAIN" eval c.yaml checkpoint.in=bad.safetensors >out 2>err; told
"$DLA_TRAIN" inspect bad.safetensors >out 2>err; told
"$DLA_TRAIN" inspect --allow-nonfinite bad.safetensors >out 2>err; told
grep -c 'model.bn1.weight .* nan$' out
"$DLA_TRAIN" convert bad.safetensors bad.pth >out 2>err; told
"$DLA_TRAIN" convert --allow-nonfinite bad.safetensors bad.pth >out 2>err; told
"$DLA_TRAIN" eval c.yaml checkpoint.in=bad.pth >out 2>err; told
poison good bad.safetensors optimizer.momentum.linear.bias -inf
"$DLA_TRAIN" c.yaml checkpoint.in=bad.safetensors >out 2>err; told
poison good bad.safetensors model.bn2.running_var -0.5
"$DLA_TRAIN" c.yaml checkpoint.in=bad.safetensors >out 2>err; told

echo "auto passes it over"
rm ckpt.safetensors # the best is a link of it
cp bad.safetensors ckpt.safetensors
cp good ckpt.step-00000007.safetensors
"$DLA_TRAIN" c.yaml train.epochs=2 schedule.t_max=3 >out 2>err; told

echo "a best accuracy that is none"
poison good ckpt.safetensors best_accuracy nan
rm ckpt.best.safetensors
"$DLA_TRAIN" c.yaml train.epochs=2 schedule.t_max=3 >out 2>err; told
ls ckpt.best.safetensors
poison good bad.safetensors epoch_loss nan
"$DLA_TRAIN" c.yaml checkpoint.in=bad.safetensors >out 2>err; told

echo "a loss that is none"
poison good bad.safetensors model.linear.weight 3e38
poison bad.safetensors large.safetensors model.bn2.bias 1000
"$DLA_TRAIN" eval c.yaml checkpoint.in=large.safetensors >out 2>err; told | sed 's/loss is .*/loss is none/'
grep -c 'test accuracy' out
# In training a batch norm takes the batch's own mean; only the evaluation sees the running one.
poison good bad.safetensors model.bn2.running_mean -3e38
poison bad.safetensors large.safetensors model.bn2.running_var 0
cp ckpt.safetensors before
"$DLA_TRAIN" c.yaml checkpoint.in=large.safetensors train.epochs=2 schedule.t_max=3 train.max_steps=8 checkpoint.every_epochs=9 \
  >out 2>err; told | sed 's/became .*/became none/'
cmp before ckpt.safetensors

echo "a step that spoils a parameter is not saved"
poison good bad.safetensors optimizer.momentum.linear.bias 3e38
"$DLA_TRAIN" c.yaml checkpoint.in=bad.safetensors train.epochs=2 schedule.t_max=3 checkpoint.every_steps=1 optimizer.lr=1000 \
  optimizer.momentum=0.99 schedule.warmup_epochs=0 >out 2>err; told | sed 's/became [-a-z]*/became none/'
cmp before ckpt.safetensors
