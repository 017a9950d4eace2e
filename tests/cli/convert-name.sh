cp "$DLA_SRCDIR/tests/golden/pth/program.pth" x.pth
"$DLA_TRAIN" convert x.pth y.onnx
