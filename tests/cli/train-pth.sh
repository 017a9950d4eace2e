# The PyTorch program's own options: a run that leaves a .pth, and another that goes on from it.
# It ends bit for bit where a run without a break does, and where .safetensors between would lead.
. "$DLA_SRCDIR/tests/cli/few_images.sh"
# A narrow network: what is written and read is the same as of a wide one.
common="model.width=0.25 dataset.train_limit=16 dataset.test_limit=10 train.batch_size=8 train.test_batch_size=10 train.threads=1"
run() {
  out=$1
  shift
  # shellcheck disable=SC2086
  "$DLA_TRAIN" --dataset="$data" --checkpoint_out="$out" $common "$@" >out.txt 2>err.txt || exit 1
}
run half.pth --checkpoint_in=missing.pth --epochs=1
grep -q 'checkpoint missing.pth is missing: starting fresh' err.txt || exit 2
run resumed.pth --checkpoint_in=half.pth --epochs=2
grep -q 'starting from half.pth: epoch 1, step 2' err.txt || exit 3
run whole.safetensors --epochs=2
"$DLA_TRAIN" convert half.pth half.safetensors || exit 4
run resumed.safetensors --checkpoint_in=half.safetensors --epochs=2
"$DLA_TRAIN" convert resumed.pth resumed-pth.safetensors || exit 5
# The tensors' bytes, which are a safetensors file's end. (The configurations differ.)
tensors() {
  bytes=$("$DLA_TRAIN" inspect "$1" | sed -n 's/^[0-9]* tensors, \([0-9]*\) bytes$/\1/p')
  tail -c "$bytes" "$1"
}
tensors whole.safetensors >whole.bytes
[ -s whole.bytes ] || exit 6
tensors resumed-pth.safetensors | cmp - whole.bytes || exit 7
tensors resumed.safetensors | cmp - whole.bytes || exit 8
# shellcheck disable=SC2086
"$DLA_TRAIN" eval dataset.path="$data" $common checkpoint.in=resumed.pth >eval.txt 2>eval.err || exit 9
[ "$(head -n 1 eval.txt)" = "$(head -n 1 out.txt)" ] || exit 10
# There and back again: the same file.
"$DLA_TRAIN" convert half.safetensors again.pth || exit 11
cmp half.pth again.pth || exit 12
"$DLA_TRAIN" convert again.pth again.safetensors || exit 13
cmp half.safetensors again.safetensors || exit 14
