# A grid: every trial trains as it does by hand, to the byte, and a second run has nothing to do.
. "$DLA_SRCDIR/tests/cli/sweep_fixture.sh"
sweep_folder s 2
cat >s.yaml <<END
base: base.yaml
parameters:
  optimizer.lr: [0.1, 0.01]
  augment.flip: [true, false]
parallel: $two
output: {dir: out.d}
END
sweep || { cat err; exit 1; }
sort err | sed 's/accuracy .*/accuracy/'
ls out.d
ls -i out.d/*/* >before
sweep && cat err && ls -i out.d/*/* | cmp - before
t=out.d/lr=0.1,flip=false
cp "$t/checkpoint.safetensors" swept
rm "$t"/checkpoint* "$t/metrics.jsonl"
"$DLA_TRAIN" "$t/config.yaml" checkpoint.in=auto >out 2>err && cmp swept "$t/checkpoint.safetensors"
# One trial by its number, as a job of an array runs it.
rm -r out.d/lr=0.01*
sweep --trial=3 && sed 's/accuracy .*/accuracy/' err
sweep --trial=3 && cat err
ls out.d
# A base that has changed is another sweep.
sed -i 's/batch_size: 16/batch_size: 20/' base.yaml
"$DLA_TRAIN" sweep s.yaml 2>&1
echo "status $?"
