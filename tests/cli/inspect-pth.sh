cp "$DLA_SRCDIR/tests/golden/pth/optimizer.pth" x.pth
"$DLA_TRAIN" inspect x.pth
