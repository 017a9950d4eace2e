# Sourced by the tests of resuming: a small network on real images, in a folder of its own.
. "$DLA_SRCDIR/tests/cli/few_images.sh"

# folder NAME: makes and enters it, with the config c.yaml.
folder() {
  mkdir -p "$1" && cd "$1" || exit 99
  cat >net.yaml <<'END'
layers:
  - {name: conv1, op: conv2d, src: input, out_channels: 8, kernel: 3, padding: 1, stride: 4}
  - {name: bn1, op: batch_norm}
  - {name: relu1, op: relu}
  - {name: conv2, op: conv2d, out_channels: 8, kernel: 3, padding: 1}
  - {name: bn2, op: batch_norm}
  - {name: add, op: add, src: [bn2, relu1]}
  - {name: relu2, op: relu}
  - {name: pool, op: avg_pool, kernel: plane}
  - {name: linear, op: linear, out_features: classes}
END
  cat >c.yaml <<END
model: {graph: net.yaml}
dataset: {path: $data, train_limit: 100, test_limit: 40}
train: {epochs: 3, batch_size: 16, test_batch_size: 16}
schedule: {t_max: 3, interval: step, warmup_epochs: 0.5}
checkpoint: {in: auto, out: ckpt.${format:-safetensors}}
output: {dir: .}
END
}

# damage FILE: flips a bit of one of its tensors, whatever it was.
damage() {
  byte=$(od -An -tu1 -j9000 -N1 "$1")
  printf "\\$(printf %o $((byte ^ 1)))" | dd of="$1" bs=1 seek=9000 conv=notrunc 2>/dev/null
}

# is_sanitized: the program was built with sanitizers, to which one of several ways through the same code is enough:
# they take several times as long.
is_sanitized() {
  grep -q __asan_init "$DLA_TRAIN"
}

# backends: the names of those in this build. What follows a name in brackets may hold brackets, too.
backends() {
  "$DLA_TRAIN" --version | sed -n 's/^backends: //p' | tr , '\n' | sed -n 's/^ *\([a-z]*\) (.*/\1/p'
}

# values FILE: the metrics without what clocks say.
values() {
  sed 's/,"images_per_second":[^}]*//; s/,"seconds":[^}]*//' "$1"
}

# same A B: the two folders hold the same checkpoint, byte for byte, and the same metrics.
same() {
  cmp "$1/ckpt.${format:-safetensors}" "$2/ckpt.${format:-safetensors}" || exit 1
  values "$1/metrics.jsonl" >"$1.values"
  values "$2/metrics.jsonl" | cmp - "$1.values" || exit 1
}

# goes_on MAKE ONCE TWICE: MAKE makes and enters each folder; a run in ONCE, and one in TWICE that ends early
# and goes on, come to the same.
goes_on() {
  "$1" "$2"
  "$DLA_TRAIN" c.yaml >out 2>&1 || { cat out; exit 1; }
  cd ..
  "$1" "$3"
  "$DLA_TRAIN" c.yaml train.max_steps=9 >out 2>&1 || { cat out; exit 1; }
  "$DLA_TRAIN" c.yaml train.max_steps=0 >out 2>&1 || { cat out; exit 1; }
  cd ..
  same "$2" "$3"
}

# A run that is to be stopped goes on until it is: it cannot have ended before. Where it ends is decided
# when it was stopped, in its config file, before it begins again.
endless="epochs: 1000000"
# ends_soon: the run in this folder gets two more epochs than it has begun.
ends_soon() {
  begun=$(grep -c '"epoch",' metrics.jsonl)
  sed -i "s/$endless/epochs: $((begun + 3))/" c.yaml
}
