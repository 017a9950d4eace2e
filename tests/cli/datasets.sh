# Data sets as people have them: those that make_datasets.py makes are read by a unit test; those of
# ../shared/cases, where that folder exists, are trained on. model.classes is the data set's unless it is
# given, and the checkpoint knows it.
python=/usr/bin/python3
"$python" -c 'import numpy' 2>/dev/null || { echo "python3-numpy is missing" >&2; exit 77; }
"$python" "$DLA_SRCDIR/tests/cli/make_datasets.py" cases >list || exit 1
(cd cases && DLA_DATASET_CASES=../list "$(dirname "$DLA_TRAIN")/tests/unit/test_find_dataset" >../log 2>&1) ||
  { cat log; exit 2; }

cat >net.yaml <<'END'
layers:
  - {name: pool, op: avg_pool, src: input, kernel: 32}
  - {name: linear, op: linear, out_features: classes}
END
train() {
  "$DLA_TRAIN" model.graph=net.yaml train.max_steps=1 train.batch_size=16 train.test_batch_size=16 \
    dataset.train_limit=32 dataset.test_limit=16 output.dir=out "$@" 2>&1
}
# A name with U+009B, which begins a terminal's command: it is shown without.
train dataset.path=cases/protocol_4 train.max_steps=0 train.epochs=1 >out.txt || { cat out.txt; exit 3; }
! grep -q "$(printf '\302\233')" out.txt || exit 4
"$DLA_TRAIN" inspect out/checkpoint.safetensors | grep 'classes: 10' >/dev/null || exit 5
# A file that says 0, as a sweep's trials do, goes on with the checkpoint's number.
train dataset.path=cases/protocol_4 model.classes=0 train.max_steps=0 train.epochs=2 \
  checkpoint.in=out/checkpoint.safetensors >out.txt || { cat out.txt; exit 7; }
train dataset.path=cases/protocol_4 dataset.labels=coarse | tail -n 1
train dataset.path=cases/protocol_4 model.classes=5 | tail -n 1
train dataset.path=cases/protocol_4 model.classes=1 | tail -n 1
sed 's/out_features: classes/out_features: 7/' net.yaml >seven.yaml
train dataset.path=cases/protocol_4 model.graph=seven.yaml | tail -n 1

# Through a pipe, which can be read only once; compressed or not.
for option in -cf -czf; do
  mkfifo pipe.tar
  tar -C cases $option - protocol_4 >pipe.tar &
  train dataset.path=pipe.tar >out.txt || { cat out.txt; exit 7; }
  wait
  rm pipe.tar
done

shared=$DLA_SRCDIR/../shared/cases
[ -f "$shared/datasets.py" ] || exit 0
"$python" "$shared/datasets.py" shared || exit 6
grep -v '^#' "$shared/expected.txt" | while read -r name result pattern; do
  [ -e "shared/$name" ] || continue # a checkpoint's
  train dataset.path="shared/$name" >out.txt
  status=$?
  case $result in
    load) [ "$status" = 0 ] ;;
    *) [ "$status" = 2 ] && grep -qiE "error: .*($pattern)" out.txt ;;
  esac || { echo "$name: $result $pattern, but:"; cat out.txt; }
done
