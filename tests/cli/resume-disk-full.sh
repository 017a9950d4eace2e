# A file that may not grow (as on a full disk): the run goes on without the checkpoint, says so, ends
# with an error if the last one is not written either, and leaves the one before and no litter.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
folder a
"$DLA_TRAIN" c.yaml train.max_steps=7 checkpoint.keep_best=0 >out 2>err || exit 1
cp ckpt.safetensors before
# 512-byte units in POSIX, 1024 in some shells: less than a checkpoint, more than the metrics.
(ulimit -f 8 && "$DLA_TRAIN" c.yaml train.max_steps=0 checkpoint.keep_best=0 >out 2>err)
echo "status $?"
grep -c '^warning: ckpt.safetensors: cannot write: File too large' err
grep '^dla-train: error' err >&2
cmp before ckpt.safetensors && ls
