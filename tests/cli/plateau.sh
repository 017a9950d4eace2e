# schedule.name: plateau falls behind the epochs that metrics.jsonl says it should, and a run that is stopped, within
# an epoch or at its end, goes on with it to the byte.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
here=$PWD
dla() {
  "$DLA_TRAIN" c.yaml train.epochs=12 train.threads=1 schedule.name=plateau schedule.patience=1 schedule.gamma=0.5 \
    schedule.warmup_epochs=0 optimizer.lr=0.2 schedule.eta_min=0.03 "$@" >out 2>err || { cat err; exit 1; }
}
# check FORMAT K ...
check() {
  format=$1
  shift
  (folder "whole-$format" && dla) || exit 1
  for k in "$@"; do
    (folder "parts-$format-$k" && dla train.max_steps="$k" && dla train.max_steps=0) || exit 2
    same "whole-$format" "parts-$format-$k"
  done
}
check safetensors 31 49
check pth 31
cd "$here" || exit 99
sed -n '/test_loss/s/.*"test_loss":\([^,]*\).*"lr":\([^,]*\).*/\1 \2/p' whole-pth/metrics.jsonl |
  awk 'BEGIN {best = 1e9; lr = 0.2}
    {if ($2 != lr) {print "epoch " NR ": the rate is " $2 ", not " lr}
     bad++
     if ($1 < best * 0.9999) {best = $1; bad = 0}
     if (bad > 1) {lr *= 0.5; bad = 0; falls++; if (lr < 0.03) lr = 0.03}}
    END {if (falls < 2) print "only " falls + 0 " falls"}'
"$DLA_TRAIN" inspect whole-pth/ckpt.pth | grep -c '^plateau_'
