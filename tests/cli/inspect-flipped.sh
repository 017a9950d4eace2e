# One bit of a tensor.
cp "$DLA_SRCDIR/tests/golden/pth/program.pth" x.pth
"$DLA_TRAIN" convert x.pth x.safetensors || exit 1
size=$(wc -c <x.safetensors)
head -c $((size - 1)) x.safetensors >y.safetensors && printf X >>y.safetensors
"$DLA_TRAIN" inspect y.safetensors
