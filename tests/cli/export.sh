# What export prints and writes, and what it refuses. That the logits are right is tests/golden/export.sh's.
. "$DLA_SRCDIR/tests/cli/pictures_fixture.sh"
make_pictures photos/train class2=6 class10=6
make_pictures photos/val class2=2 class10=2
"$DLA_TRAIN" model.graph=net.yaml model.image_size=16 train.batch_size=6 train.epochs=1 dataset.path=photos \
  output.dir=. >train.txt 2>&1 || { cat train.txt; exit 1; }
rm net.yaml
checkpoint=checkpoint.safetensors
export_it() {
  "$DLA_TRAIN" export "$@" 2>err
  status=$?
  [ $status = 0 ] || echo "status $status: $(sed 's/dla-train: error: //' err)"
}
export_it $checkpoint model.onnx
export_it $checkpoint pixels.onnx --uint8 --dynamic-batch | head -n 1
export_it $checkpoint normalised.onnx --normalised | head -n 1
# The metadata, the names of the weights, and nothing of a batch norm that is folded.
for text in class10 conv1.weight conv1.bias linear.weight bn1.weight; do
  echo "$text $(grep -ac "$text" model.onnx)"
done | sed 's/ [1-9]$/ yes/'
# The same from a .pth, to the byte, and over an old file.
"$DLA_TRAIN" convert $checkpoint c.pth || exit 2
echo old >again.onnx
export_it c.pth again.onnx --opset=17 >/dev/null
cmp model.onnx again.onnx || exit 3
# For PyTorch: this program can use the weights, too.
export_it $checkpoint --pytorch deep/python
find deep -type f | sort
sed -n 's/^ *\(CLASSES =.*\|RESIZE.*\|add(self.*\|t[0-9] = .*\)/\1/p' deep/python/model.py
"$DLA_TRAIN" predict $checkpoint photos/val --csv >ours
"$DLA_TRAIN" predict deep/python/model.pth photos/val --csv | cmp - ours || exit 4
# Mistakes, of which none leaves a file.
echo text >text.safetensors
export_it
export_it $checkpoint
export_it $checkpoint wrong.pb
export_it $checkpoint wrong.onnx --opset=10
export_it $checkpoint wrong.onnx --opset=new
export_it $checkpoint wrong.onnx --uint8 --normalised
export_it $checkpoint wrong.onnx --pytorch wrong
export_it $checkpoint --pytorch wrong --uint8
export_it $checkpoint --pytorch=
export_it text.safetensors wrong.onnx
export_it missing.safetensors wrong.onnx
export_it $checkpoint missing/wrong.onnx | sed 's/wrong.onnx[^:]*:/wrong.onnx:/'
export_it $checkpoint --pytorch err/wrong
find . -name 'wrong*'
