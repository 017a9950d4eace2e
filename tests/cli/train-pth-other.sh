# A checkpoint of another model.
. "$DLA_SRCDIR/tests/cli/few_images.sh"
cp "$DLA_SRCDIR/tests/golden/pth/program.pth" x.pth
"$DLA_TRAIN" --dataset="$data" --checkpoint_in=x.pth dataset.train_limit=8 dataset.test_limit=8 train.batch_size=8
