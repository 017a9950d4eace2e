# checkpoint.in=auto: a damaged checkpoint is named and passed over, and the one before it goes on to
# the same end; where none is whole, nothing is overwritten.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
here=$PWD

# header FILE: how long it is, which the machine's name and the versions of libraries decide.
header() {
  echo $((8 + $(od -A n -t u8 -N 8 "$1")))
}

# cut_off FILE: leaves 648 bytes of its tensors, of which the first has 864.
cut_off() {
  truncate -s $(($(header "$1") + 648)) "$1"
}

more="checkpoint.keep_last=3 checkpoint.every_steps=2 checkpoint.keep_best=0"
# shellcheck disable=SC2086
(folder whole && "$DLA_TRAIN" c.yaml $more >out 2>err) || exit 1
folder parts
# shellcheck disable=SC2086
"$DLA_TRAIN" c.yaml $more train.max_steps=13 >out 2>err || exit 1
ls ckpt.*
# A byte in the middle; then the end missing.
damage ckpt.safetensors
cut_off ckpt.step-00000011.safetensors
# shellcheck disable=SC2086
"$DLA_TRAIN" c.yaml $more train.max_steps=0 >out 2>err || exit 1
grep 'damaged\|starting' err >&2
cd "$here" && same whole parts
cd parts || exit 1
for file in ckpt.*; do
  cut_off "$file"
done
# shellcheck disable=SC2086
"$DLA_TRAIN" c.yaml $more
echo "status $?"
for file in ckpt.*; do
  echo $(($(stat -c %s "$file") - $(header "$file")))
done
