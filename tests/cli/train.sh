# A whole run on real images, small: train, evaluate, inspect, start again from the checkpoint.
. "$DLA_SRCDIR/tests/cli/few_images.sh"
common="model.width=0.25 dataset.path=$data dataset.train_limit=40 dataset.test_limit=20 train.batch_size=16 train.test_batch_size=10 schedule.t_max=3"
# shellcheck disable=SC2086
"$DLA_TRAIN" $common train.epochs=1 output.dir=out >train.txt 2>train.err || exit 1
grep -q '^test accuracy .* of 20), loss' train.txt || exit 2
grep -q '^taken for one another most often:' train.txt || exit 3
grep -q 'planned memory: .* MB for parameters' train.err || exit 4
[ "$(grep -c '"type":"step"' out/metrics.jsonl)" = 3 ] || exit 5
[ "$(grep -c '"type":"epoch"' out/metrics.jsonl)" = 1 ] || exit 6
# No progress bar where stderr is no terminal.
! grep -q "$(printf '\r')" train.err || exit 7
# shellcheck disable=SC2086
"$DLA_TRAIN" eval $common checkpoint.in=out/checkpoint.safetensors >eval.txt 2>eval.err || exit 8
[ "$(head -n 1 eval.txt)" = "$(head -n 1 train.txt)" ] || exit 9
"$DLA_TRAIN" inspect out/checkpoint.safetensors >inspect.txt || exit 10
grep -q '^step: 3$' inspect.txt && grep -q 'optimizer.momentum.linear.bias' inspect.txt || exit 11
# shellcheck disable=SC2086
"$DLA_TRAIN" $common train.epochs=2 checkpoint.in=out/checkpoint.safetensors output.dir=out >again.txt 2>again.err || exit 12
grep -q 'starting from out/checkpoint.safetensors: epoch 1, step 3' again.err || exit 13
[ "$(grep -c '"type":"step"' out/metrics.jsonl)" = 6 ] || exit 14
echo ok
