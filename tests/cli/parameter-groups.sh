# Groups of parameters and frozen layers: runs that go on to the byte from both formats of checkpoints, what stays as it
# was, what is computed backwards, and mistakes.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
grouped() {
  folder "$1"
  cat >>c.yaml <<'END'
optimizer:
  name: adamw
  lr: 0.002
  groups:
    - {match: "*.bias", lr_scale: 4}
    - {match: conv2, weight_decay: 0}
  no_decay: norm_and_bias
END
}
frozen() {
  folder "$1"
  sed -i 's/^train: {/train: {freeze: [conv1, "bn[12]"], /' c.yaml
}
for format in safetensors pth; do
  goes_on grouped grouped.once grouped.twice
  goes_on frozen frozen.once frozen.twice
  [ $format = pth ] || mv grouped.once groups
  [ $format = pth ] || mv frozen.once freeze
  rm -rf ./*.once ./*.twice
done
"$DLA_TRAIN" inspect groups/ckpt.safetensors | grep -E '^optimizer[.][a-z_]*:'

cat >changed.py <<'END'
import json, struct, sys
def read(path):
    bytes = open(path, "rb").read()
    size, = struct.unpack("<Q", bytes[:8])
    header = json.loads(bytes[8:8 + size])
    header.pop("__metadata__")
    return {name: bytes[8 + size:][slice(*t["data_offsets"])] for name, t in header.items()}
before, after = map(read, sys.argv[1:])
print(*(n for n in before if before[n] != after[n] and "optimizer" not in n and "tracked" not in n))
END
cd freeze || exit 99
mv ckpt.safetensors after.safetensors
"$DLA_TRAIN" c.yaml train.max_steps=1 checkpoint.in= output.dir=other checkpoint.out=before.safetensors >out 2>&1 || cat out
/usr/bin/python3 ../changed.py before.safetensors after.safetensors
"$DLA_TRAIN" graph c.yaml --program | sed -n '/backward/s/  \[.*//p'
# Going on with more layers than before, their state begins at zero.
"$DLA_TRAIN" c.yaml train.freeze=[] train.epochs=4 checkpoint.in=after.safetensors output.dir=other 2>&1 |
  grep -o 'its optimizer.*'
for list in conv3 '[conv1, conv2, linear, bn1, bn2]' '*.bias' '[[conv1]]' '[{a: b}]' '[conv1'; do
  "$DLA_TRAIN" c.yaml checkpoint.in= "train.freeze=$list" output.dir=none 2>&1
  echo "status $?"
done
for list in '[{match: fc}]' '[{lr_scale: 2}]' '[{match: linear, lr: 2}]' 'linear'; do
  "$DLA_TRAIN" c.yaml checkpoint.in= "optimizer.groups=$list" output.dir=none 2>&1
  echo "status $?"
done
