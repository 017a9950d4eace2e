# checkpoint.in=auto: a damaged checkpoint is named and passed over, and the one before it goes on to
# the same end; where none is whole, nothing is overwritten.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
here=$PWD
more="checkpoint.keep_last=3 checkpoint.every_steps=2 checkpoint.keep_best=0"
# shellcheck disable=SC2086
(folder whole && "$DLA_TRAIN" c.yaml $more >out 2>err) || exit 1
folder parts
# shellcheck disable=SC2086
"$DLA_TRAIN" c.yaml $more train.max_steps=13 >out 2>err || exit 1
ls ckpt.*
# A byte in the middle; then the end missing.
printf X | dd of=ckpt.safetensors bs=1 seek=9000 conv=notrunc 2>/dev/null
truncate -s 5000 ckpt.step-00000011.safetensors
# shellcheck disable=SC2086
"$DLA_TRAIN" c.yaml $more train.max_steps=0 >out 2>err || exit 1
grep 'damaged\|starting' err >&2
cd "$here" && same whole parts
cd parts || exit 1
for file in ckpt.*; do
  truncate -s 5000 "$file"
done
# shellcheck disable=SC2086
"$DLA_TRAIN" c.yaml $more
echo "status $?"
stat -c %s ckpt.*
