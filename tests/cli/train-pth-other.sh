# A checkpoint of another model.
data=/usr/share/datasets/fashion-mnist
[ -d "$data" ] || { echo "$data is missing: install dataset-fashion-mnist" >&2; exit 77; }
cp "$DLA_SRCDIR/tests/golden/pth/program.pth" x.pth
"$DLA_TRAIN" --dataset="$data" --checkpoint_in=x.pth dataset.train_limit=8 dataset.test_limit=8 train.batch_size=8
