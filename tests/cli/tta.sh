# eval.tta counts at each epoch's end, in eval and by the checkpoint alone; a run that was stopped goes on with it
# to the byte; and what it cannot be used for is refused.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
here=$PWD
for tta in none mirror multi_crop; do
  (folder $tta && "$DLA_TRAIN" c.yaml train.threads=1 eval.tta=$tta >out 2>err) || exit 1
  grep -h '"test_loss"' $tta/metrics.jsonl | sed 's/.*"test_loss":\([^,]*\).*/\1/' >$tta.losses
  # The key is in the checkpoint.
  (cd $tta && "$DLA_TRAIN" eval checkpoint.in=ckpt.safetensors train.threads=1 2>/dev/null | head -n 1 >eval &&
    [ "$(cat eval)" = "$(head -n 1 out)" ]) || exit 2
  # On the command line, of a network that was trained without: the last step's weights are the same ones.
  (cd none && "$DLA_TRAIN" eval c.yaml checkpoint.in=last train.threads=1 eval.tta=$tta 2>err | head -n 1 |
    cmp - ../$tta/eval) || exit 3
done
[ "$(sort -u ./*.losses | wc -l)" = 9 ] || { cat ./*.losses; exit 4; }
# Batches of one image are the same images.
(cd multi_crop && "$DLA_TRAIN" eval c.yaml checkpoint.in=last train.threads=1 train.test_batch_size=1 2>/dev/null | head -n 1 |
  cmp - eval) || exit 5
tta() {
  folder "$1"
  sed -i '$a eval: {tta: multi_crop}' c.yaml
}
goes_on tta "$here/whole" "$here/parts"
folder crops
"$DLA_TRAIN" c.yaml augment.crop=resized eval.tta=multi_crop 2>&1 | tail -n 1
