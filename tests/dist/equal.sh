# Two and three ranks with train.sync_bn train as one does, to float tolerance, with every backend,
# down to a last batch that has fewer samples than there are ranks; and a sharded evaluation is the
# single one. Only opencl takes no ranks: tests/dist/opencl.sh. (97 images in batches of 16: the last has one.)
. "$DLA_SRCDIR/tests/dist/fixture.sh"
here=$PWD

# near A B TOLERANCE: the tensors of two checkpoints, by $DLA_NEAR.
near() {
  "$DLA_NEAR" "$1/ckpt.safetensors" "$2/ckpt.safetensors" "$3" || { echo "$1 and $2 differ"; exit 1; }
}

for backend in $(backends | grep -v opencl); do
  [ $backend = reference ] || ! is_sanitized || continue
  more="backend.name=$backend train.sync_bn=true dataset.train_limit=97 dataset.test_limit=37"
  # shellcheck disable=SC2086
  (folder "$backend-1" && OMP_NUM_THREADS=1 "$DLA_TRAIN" c.yaml $more >out 2>err) || exit 1
  for n in 2 3; do
    # shellcheck disable=SC2086
    (folder "$backend-$n" && ranks $n c.yaml $more >out 2>err) || { cat "$backend-$n/err"; exit 1; }
    near "$backend-1" "$backend-$n" 1e-4
    # Rank 0 wrote, and nobody else.
    [ "$(grep -c '"type":"step"' "$backend-$n/metrics.jsonl")" = 21 ] || exit 1
    [ "$(grep -c '^epoch' "$backend-$n/err")" = 3 ] || exit 1
  done
  cd "$here/$backend-1" || exit 1
  # shellcheck disable=SC2086
  "$DLA_TRAIN" eval c.yaml $more checkpoint.in=last >../eval-1 2>err || exit 1
  # shellcheck disable=SC2086
  ranks 3 eval c.yaml $more checkpoint.in=last >../eval-3 2>err || exit 1
  cd "$here" && cmp eval-1 eval-3 || exit 1
  without_leaks
done
# Images are mixed over the whole batch, whatever the ranks.
more="train.sync_bn=true dataset.train_limit=97 dataset.test_limit=20 augment.mixup=0.4 augment.cutmix=1"
# shellcheck disable=SC2086
(folder mixed-1 && OMP_NUM_THREADS=1 "$DLA_TRAIN" c.yaml $more >out 2>err) || exit 1
# shellcheck disable=SC2086
(folder mixed-3 && ranks 3 c.yaml $more >out 2>err) || { cat mixed-3/err; exit 1; }
near mixed-1 mixed-3 1e-4
# The report has the mistakes of all ranks (of 20 images all are kept).
for run in mixed-1 mixed-3; do
  jq -c '[.mistakes[].sample] | sort' $run/evaluation.json >$run/mistakes || exit 1
done
cmp mixed-1/mistakes mixed-3/mistakes || exit 1
[ "$(jq 'max' mixed-3/mistakes)" -gt 7 ] || { echo "rank 0's mistakes only:"; cat mixed-3/mistakes; }
# Clipped, by the norm of the sums: it is told with every step.
more="backend.name=reference train.sync_bn=true dataset.train_limit=97 optimizer.clip_grad_norm=0.5"
norms() {
  sed -n 's/.*"grad_norm":\([0-9.]*\)}$/\1/p' "$1/metrics.jsonl"
}
# shellcheck disable=SC2086
(folder clipped-1 && OMP_NUM_THREADS=1 "$DLA_TRAIN" c.yaml $more >out 2>err) || exit 1
# shellcheck disable=SC2086
(folder clipped-2 && ranks 2 c.yaml $more >out 2>err) || { cat clipped-2/err; exit 1; }
near clipped-1 clipped-2 1e-4
norms clipped-1 >norms-1
norms clipped-2 | paste norms-1 - | awk '($1 - $2) ^ 2 > 1e-6 {print "norms: " $0} END {if (NR != 21) print NR " norms"}' >norms-apart
[ ! -s norms-apart ] || { cat norms-apart; exit 1; }
! "$DLA_NEAR" reference-1/ckpt.safetensors clipped-1/ckpt.safetensors 1e-4 2>/dev/null || exit 1
# Steps in parts: without batch norms they are the steps of one rank at once, even where some rank has no image
# for a part; also what is dropped is the same.
cut() {
  folder "$1"
  grep -v batch_norm net.yaml | sed 's/src: \[bn2, relu1\]/src: [drop, relu1]/
    /name: conv2/a\  - {name: drop, op: dropout, p: 0.3}' >cut.yaml
}
more="model.graph=cut.yaml dataset.train_limit=97"
# shellcheck disable=SC2086
(cut cut-1 && OMP_NUM_THREADS=1 "$DLA_TRAIN" c.yaml $more >out 2>err) || exit 1
# shellcheck disable=SC2086
(cut cut-3 && ranks 3 c.yaml $more train.accumulate=6 >out 2>err) || { cat cut-3/err; exit 1; }
near cut-1 cut-3 1e-4
# Without train.sync_bn the ranks' statistics are their own, and the network another.
(folder apart && ranks 2 c.yaml dataset.train_limit=97 >out 2>err) || exit 1
! "$DLA_NEAR" reference-1/ckpt.safetensors apart/ckpt.safetensors 1e-4 2>/dev/null
