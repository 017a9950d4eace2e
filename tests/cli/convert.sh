# There and back: tensors, optimizer and state are the same.
cp "$DLA_SRCDIR/tests/golden/pth/optimizer.pth" x.pth
"$DLA_TRAIN" convert x.pth a.safetensors || exit 1
"$DLA_TRAIN" convert a.safetensors b.pth || exit 2
"$DLA_TRAIN" convert b.pth c.safetensors || exit 3
cmp a.safetensors c.safetensors || exit 4
# The content tells the format, not the name.
mv b.pth b.safetensors
"$DLA_TRAIN" convert b.safetensors d.safetensors || exit 5
cmp a.safetensors d.safetensors || exit 6
"$DLA_TRAIN" inspect x.pth >x.txt
"$DLA_TRAIN" inspect b.safetensors | grep -v '^sha256:' | cmp - x.txt || exit 7
