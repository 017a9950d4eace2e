cp "$DLA_SRCDIR/tests/golden/pth/compressed.pth" x.pth
"$DLA_TRAIN" inspect x.pth
