# A run ends after train.patience epochs without a better test accuracy, whether or not it was stopped before,
# and is finished then: to itself and to a sweep.
. "$DLA_SRCDIR/tests/cli/sweep_fixture.sh"
here=$PWD
more="train.epochs=40 train.threads=1 optimizer.lr=0.02 schedule.name=constant"
dla() {
  # shellcheck disable=SC2086
  "$DLA_TRAIN" c.yaml $more "$@" >out 2>err
}
# end_by PATIENCE: the epoch that is the last, by the accuracies of a run without patience.
end_by() {
  sed -n 's/.*"test_accuracy":\([0-9.]*\).*/\1/p' "$here/never/metrics.jsonl" |
    awk -v patience="$1" '$1 > best {best = $1; at = NR} NR - at >= patience {print NR; exit}'
}
(folder never && dla) || exit 1
last=$(end_by 3)
[ "$last" -lt 40 ] || { echo "no three epochs without a better accuracy"; exit 99; }
for format in safetensors pth; do
  (folder whole-$format && dla train.patience=3) || exit 2
  (folder parts-$format && dla train.patience=3 train.max_steps=$((7 * last - 9)) && dla train.patience=3 train.max_steps=0) || exit 3
  same whole-$format parts-$format
done
cd whole-safetensors || exit 99
[ "$(grep -c '"type":"epoch"' metrics.jsonl)" = "$last" ] || exit 4
grep '^ended by' err | sed 's,; the best.*,,'
"$DLA_TRAIN" inspect ckpt.safetensors >inspect && grep -qx "best_epoch: $((last - 3))" inspect || exit 5
dla train.patience=3
echo "status $?: $(tail -n 1 err)" | sed 's/ dla-train.*: the run/ the run/'
dla train.patience=4 && [ "$(grep -c '"type":"epoch"' metrics.jsonl)" = "$(end_by 4)" ] || exit 6

# A checkpoint that does not say the epoch: patience begins where it does.
format=safetensors
(folder "$here/old" && dla train.max_steps=14) || exit 7
cd "$here/old" || exit 99
poison() {
  PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$DLA_SRCDIR/tests/cli/poison.py" "$@" || exit 99
}
poison ckpt.safetensors unknown.safetensors best_epoch -
poison unknown.safetensors ckpt.safetensors best_accuracy 1
rm ckpt.best.safetensors
dla train.patience=3 train.max_steps=0 && [ "$(grep -c '"type":"epoch"' metrics.jsonl)" = 5 ] || exit 8

cd "$here" && sweep_folder swept 40
cat >s.yaml <<END
base: base.yaml
overrides: {train.patience: 1, optimizer.lr: 0}
parameters: {train.seed: [1]}
output: {dir: out.d}
END
sweep && sweep || { cat err; exit 9; }
"$DLA_TRAIN" sweep s.yaml --report --csv | cut -d, -f3
