cp "$DLA_SRCDIR/tests/golden/pth/optimizer.pth" x.pth
"$DLA_TRAIN" convert x.pth x.safetensors || exit 1
"$DLA_TRAIN" inspect --json x.safetensors
