# The PyTorch program's own options: a run that leaves a .pth, and another that goes on from it.
# It ends bit for bit where a run without a break does, and where .safetensors between would lead.
data=/usr/share/datasets/fashion-mnist
[ -d "$data" ] || { echo "$data is missing: install dataset-fashion-mnist" >&2; exit 77; }
common="dataset.train_limit=32 dataset.test_limit=10 train.batch_size=16 train.test_batch_size=10 train.threads=1"
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
tensors() {
  "$DLA_TRAIN" inspect "$1" >list.txt || exit 5
  sed -n '/^tensor /,$p' list.txt
}
tensors resumed.pth >a.txt
tensors whole.safetensors >b.txt
tensors resumed.safetensors >c.txt
cmp a.txt b.txt || exit 6
cmp a.txt c.txt || exit 7
# shellcheck disable=SC2086
"$DLA_TRAIN" eval dataset.path="$data" $common checkpoint.in=resumed.pth >eval.txt || exit 8
[ "$(head -n 1 eval.txt)" = "$(head -n 1 out.txt)" ] || exit 9
# There and back again: the same file.
"$DLA_TRAIN" convert half.safetensors again.pth || exit 10
cmp half.pth again.pth || exit 11
"$DLA_TRAIN" convert again.pth again.safetensors || exit 12
cmp half.safetensors again.safetensors || exit 13
