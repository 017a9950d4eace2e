# Sourced by the tests on pictures: skips them where this build reads no PNG, and leaves net.yaml, a small network.
"$DLA_TRAIN" --version | grep -q 'pictures: .*PNG' || { echo "this build reads no PNG" >&2; exit 77; }

# make_pictures FOLDER CLASS=NUMBER ...
make_pictures() {
  python3 "$DLA_SRCDIR/tests/cli/make_pictures.py" "$@" || exit 99
}

cat >net.yaml <<'END'
layers:
  - {name: conv1, op: conv2d, src: input, out_channels: 8, kernel: 3, padding: 1, stride: 4}
  - {name: bn1, op: batch_norm}
  - {name: relu1, op: relu}
  - {name: pool, op: avg_pool, kernel: 4}
  - {name: linear, op: linear, out_features: classes}
END
