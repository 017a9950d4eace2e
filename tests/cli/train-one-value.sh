# A batch norm over one value is refused before the first step, as by PyTorch: here the last batch has
# one image, and the plane is 1x1. With another batch size it trains.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
folder a
cat >net.yaml <<'END'
layers:
  - {name: conv, op: conv2d, src: input, out_channels: 8, kernel: 32}
  - {name: bn, op: batch_norm}
  - {name: linear, op: linear, out_features: classes}
END
train() {
  "$DLA_TRAIN" c.yaml backend.name=reference train.epochs=1 dataset.train_limit=33 "$@" >out 2>err
  echo "status $?"
}
train
grep '^dla-train: ' err >&2
ls
train train.batch_size=11
