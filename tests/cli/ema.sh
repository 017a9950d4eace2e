# train.ema: the average against one computed from the weights of every step; it is what is tested, and the model in
# checkpoints; runs go on to the byte from both formats, and without it with the weights themselves.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
averaged() {
  folder "$1"
  sed -i 's/^train: {/train: {ema: 0.6, /' c.yaml
}
for format in safetensors pth; do
  goes_on averaged averaged.once averaged.twice
  rm -rf ./*.twice
  [ $format = pth ] || mv averaged.once ema
done
cat >average.py <<'END'
import json, struct
def read(path):
    bytes = open(path, "rb").read()
    size, = struct.unpack("<Q", bytes[:8])
    header = json.loads(bytes[8:8 + size])
    header.pop("__metadata__")
    def numbers(t):
        first, end = t["data_offsets"]
        return struct.unpack(f"<{(end - first) // 4}f", bytes[8 + size + first:8 + size + end])
    return {name: numbers(t) for name, t in header.items() if t["dtype"] == "F32"}
files = [read(f"ckpt.step-{n:08}.safetensors") for n in range(1, 22)]
decays = [min(0.6, (1 + n) / (10 + n)) for n in range(1, 21)]
names = [name[6:] for name in files[0] if name.startswith("model.")]
worst = 0
for name in names:
    average = list(files[0]["model." + name])
    for file, decay in zip(files[1:], decays):
        for i, value in enumerate(file["optimizer.values." + name]):
            average[i] += (1 - decay) * (value - average[i])
    worst = max(worst, *(abs(a - b) / (1e-3 + abs(a)) for a, b in zip(average, files[-1]["model." + name])))
assert worst < 1e-5, worst
print(len(names), "tensors are averages")
END
format=safetensors
averaged steps
"$DLA_TRAIN" c.yaml checkpoint.every_steps=1 checkpoint.keep_last=100 >out 2>&1 || cat out
/usr/bin/python3 ../average.py
tested=$(sed -n 's/.*"test_loss":\([0-9.]*\).*/\1/p' metrics.jsonl | tail -n 1)
"$DLA_TRAIN" eval checkpoint.in=ckpt.safetensors --json 2>err | jq --argjson t "$tested" '(.loss - $t | fabs) < 1e-6'
# What trains on without an average has the weights; predict and eval never read them.
"$DLA_TRAIN" c.yaml train.ema=0 train.epochs=4 output.dir=on 2>&1 | grep -c 'starts from zero'
"$DLA_TRAIN" inspect ckpt.safetensors | grep -c '^optimizer.values'
"$DLA_TRAIN" c.yaml checkpoint.in= train.ema=1 output.dir=none 2>&1
true
