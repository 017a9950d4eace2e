# A run of two ranks that stopped goes on to the same bytes on two; what two or four wrote goes on on one,
# and the other way round.
. "$DLA_SRCDIR/tests/dist/fixture.sh"
here=$PWD
(folder whole && ranks 2 c.yaml >out 2>err) || exit 1
(folder parts && ranks 2 c.yaml train.max_steps=10 >out 2>err &&
  ranks 2 c.yaml train.max_steps=0 >out 2>err) || exit 1
! grep warning parts/err || exit 1
same whole parts
without_leaks
for way in "2 1" "1 2" "4 1" "1 4"; do
  from=${way% *} to=${way#* }
  (folder "$from-$to" && ranks "$from" c.yaml train.max_steps=10 >out 2>err &&
    ranks "$to" c.yaml train.max_steps=0 >out 2>err) || { cat "$from-$to/err"; exit 1; }
  cd "$here" && grep '^warning' "$from-$to/err"
  tail -n 1 "$from-$to/metrics.jsonl" | grep -o '"epoch":3,"step":21' || exit 1
done
# A step of another size cannot end an epoch.
cd 2-1 && rm -f ckpt.* && ranks 2 c.yaml train.batch_per_rank=true train.max_steps=2 >out 2>err || exit 1
"$DLA_TRAIN" c.yaml train.batch_per_rank=true train.max_steps=0 2>&1 | grep error
