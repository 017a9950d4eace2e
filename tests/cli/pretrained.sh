# A run that begins with another's weights: all of them but a last layer for other classes; from both formats; and
# what does not fit is refused.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
weights() { # FILE: the norms of the weights that are not of the last layer
  "$DLA_TRAIN" inspect "$1" | grep -E '^model\.(conv|bn)[12]\.(weight|bias)'
}
folder first
"$DLA_TRAIN" c.yaml >out 2>&1 || { cat out; exit 1; }
"$DLA_TRAIN" convert ckpt.safetensors ckpt.pth >out 2>&1 || { cat out; exit 1; }
cd ..
weights first/ckpt.safetensors >expected
for from in ckpt.safetensors ckpt.pth; do
  folder second
  # A rate of 0: what it begins with is what it ends with.
  "$DLA_TRAIN" c.yaml model.classes=12 model.pretrained=../first/$from optimizer.lr=0 train.epochs=1 2>&1 |
    grep -E '^beginning|^epoch 1' | sed 's/:.*lr/: lr/; s/, [0-9.]* s$//'
  weights ckpt.safetensors | cmp - ../expected || exit 1
  # It goes on with its own weights, whatever the other file is by now.
  "$DLA_TRAIN" c.yaml model.pretrained=gone.pth train.epochs=2 2>&1 |
    grep -E '^starting from|^beginning|^epoch|error' | sed 's/:.*//'
  cd .. && rm -r second
done
folder third
"$DLA_TRAIN" c.yaml model.pretrained=../first/ckpt.pth 2>&1 | grep '^beginning'
rm ckpt.*
"$DLA_TRAIN" c.yaml model.pretrained=gone.pth 2>&1
sed -i 's/out_channels: 8/out_channels: 16/' net.yaml
"$DLA_TRAIN" c.yaml model.pretrained=../first/ckpt.pth 2>&1 | sed 's/(.*//'
[ ! -e ckpt.safetensors ]
