cp "$DLA_SRCDIR/tests/golden/pth/legacy.pth" x.pth
"$DLA_TRAIN" inspect x.pth
