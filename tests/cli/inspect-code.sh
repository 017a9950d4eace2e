# Its pickle would have Python call os.system().
cp "$DLA_SRCDIR/tests/golden/pth/code.pth" x.pth
"$DLA_TRAIN" inspect x.pth
