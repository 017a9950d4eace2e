# A batch norm over one value: two ranks with one image each are refused before the first step, unless
# the batch norm is over both.
. "$DLA_SRCDIR/tests/dist/fixture.sh"
folder a
cat >net.yaml <<'END'
layers:
  - {name: conv, op: conv2d, src: input, out_channels: 8, kernel: 32}
  - {name: bn, op: batch_norm}
  - {name: linear, op: linear, out_features: classes}
END
for sync in false true; do
  ranks 2 c.yaml train.sync_bn=$sync train.epochs=1 train.batch_size=2 dataset.train_limit=4 >out 2>err
  echo "sync_bn $sync: status $?"
  grep '^dla-train: ' err
done
"$DLA_TRAIN" inspect ckpt.safetensors | sed -n 's/^step: /step /p'
