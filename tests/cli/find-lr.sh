# find_lr: the curve's first step is that of a training run; rates, smoothing, end and suggestion against numpy's of
# the losses; the same bytes again; no checkpoint, and none is gone on with; what is refused.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
cat >check.py <<'END'
import json, numpy
lines = [json.loads(line) for line in open("lr_find.jsonl")]
result = json.load(open("result.json"))
losses = numpy.array([point["loss"] for point in lines])
steps = numpy.arange(len(lines))
average, smoothed = 0, []
for i, loss in enumerate(losses):
    average = 0.98 * average + 0.02 * loss
    smoothed.append(average / (1 - 0.98 ** (i + 1)))
assert numpy.allclose([point["lr"] for point in lines], 1e-4 * (1000 / 1e-4) ** (steps / 79), rtol=1e-9)
assert numpy.allclose([point["smoothed_loss"] for point in lines], smoothed, rtol=1e-9)
assert [point["smoothed_loss"] for point in result["curve"]] == [point["smoothed_loss"] for point in lines]
gradient = numpy.gradient(numpy.array(smoothed)[10:-1])
assert result["suggestion"] == lines[10 + int(gradient.argmin())]["lr"]
least = [min(smoothed[1:i + 1]) for i in range(1, len(smoothed))]
over = [smoothed[i] > 4 * least[i - 2] for i in range(2, len(smoothed))]
assert not any(over[:-1]) and result["diverged"] == (over[-1] or len(lines) < 80)
print("diverged" if result["diverged"] else "not diverged", "before the end" if len(lines) < 80 else "")
END
folder found
"$DLA_TRAIN" find_lr c.yaml dataset.train_limit=500 --min=1e-4 --max=1000 --steps=80 --json >result.json || exit 1
/usr/bin/python3 ../check.py
ls
cp lr_find.jsonl once
"$DLA_TRAIN" c.yaml dataset.train_limit=500 train.max_steps=1 >out 2>&1 || cat out
for file in metrics lr_find; do
  head -n 1 $file.jsonl | jq .loss
done | uniq | wc -l
"$DLA_TRAIN" find_lr c.yaml dataset.train_limit=500 --min=1e-4 --max=1000 --steps=80 | grep suggestion |
  grep -c "$(jq .suggestion result.json | cut -c 1-4)"
cmp once lr_find.jsonl
"$DLA_TRAIN" find_lr c.yaml --steps=5 2>&1 | tail -n 2
for wrong in --steps=1 --min=0 --max=-1 '--min=2 --max=1'; do
  # shellcheck disable=SC2086
  "$DLA_TRAIN" find_lr c.yaml $wrong 2>&1
  echo $?
done
