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
[ ! -e ckpt.safetensors ] || exit 1
cd ..
# Two models in one file, as Lightning has model.* and ema.*: it says so, and takes the one that in_key names.
python3 - first/ckpt.safetensors two.safetensors <<'END' || exit 99
import json, struct, sys
with open(sys.argv[1], 'rb') as file:
    header = json.loads(file.read(struct.unpack('<Q', file.read(8))[0]))
    numbers = file.read()
two, data = {}, b''
for model in 'ema', 'model':
    for name, tensor in header.items():
        if not name.startswith('model.'):
            continue
        begin, end = tensor['data_offsets']
        two[model + name[5:]] = dict(tensor, data_offsets=[len(data), len(data) + end - begin])
        data += bytes(end - begin) if model == 'ema' else numbers[begin:end]
text = json.dumps(two).encode()
with open(sys.argv[2], 'wb') as file:
    file.write(struct.pack('<Q', len(text)) + text + data)
END
"$DLA_TRAIN" convert two.safetensors two.pth >out 2>&1 || { cat out; exit 1; }
folder fourth
for classes in 10 12; do
  "$DLA_TRAIN" c.yaml model.classes=$classes model.pretrained=../two.safetensors 2>&1 | grep error
  "$DLA_TRAIN" c.yaml model.classes=$classes model.pretrained=../two.pth 2>&1 | grep error
done
"$DLA_TRAIN" c.yaml checkpoint.in=../two.pth 2>&1 | grep error
"$DLA_TRAIN" c.yaml model.pretrained=../two.pth checkpoint.in_key=model optimizer.lr=0 train.epochs=1 2>&1 |
  grep -E "^beginning|error"
weights ckpt.safetensors >found
"$DLA_TRAIN" inspect ../first/ckpt.safetensors | grep -E '^model\.(conv|bn)[12]\.(weight|bias)' | cmp - found
