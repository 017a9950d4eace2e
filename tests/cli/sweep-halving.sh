# Successive halving promotes the best of each rung by going on with its checkpoint: the last one ends
# with the same bytes as a trial that trained to the end at once.
. "$DLA_SRCDIR/tests/cli/sweep_fixture.sh"
sweep_folder s 4
cat >s.yaml <<END
base: base.yaml
method: halving
parameters: {optimizer.lr: {min: 0.001, max: 0.5, log: true}}
trials: 4
seed: 1
budget: {min_epochs: 1, max_epochs: 4, eta: 2}
metric: last_test_loss
parallel: $two
output: {dir: out.d}
END
sweep || { cat err; exit 1; }
sed 's/^[^:]*: //; s/loss .*/loss/' err | LC_ALL=C sort | uniq -c | sed 's/^ *//'
"$DLA_TRAIN" sweep s.yaml --report --json >report
"$DLA_TRAIN" sweep s.yaml >out && echo "nothing to do"
python3 - <<'END'
import json

trials = json.load(open("report"))["trials"]

def loss(trial, epoch):
    lines = map(json.loads, open(trial["folder"] + "/metrics.jsonl"))
    return next(l["test_loss"] for l in lines if l["type"] == "epoch" and l["epoch"] == epoch)

rung = trials
for epochs, places in ((1, 2), (2, 1)):
    rung = sorted(rung, key=lambda t: (loss(t, epochs), t["name"]))[:places]
    assert all(t["epochs"] > epochs for t in rung), (epochs, rung)
assert [t["epochs"] for t in trials] == [4, 2, 1, 1] and trials[0] == rung[0], trials
assert [t["state"] for t in trials] == ["finished"] + 3 * ["stopped"], trials
open("winner", "w").write(trials[0]["folder"])
END
t=$(cat winner)
cp "$t/checkpoint.safetensors" swept
rm "$t"/checkpoint* "$t/metrics.jsonl"
"$DLA_TRAIN" "$t/config.yaml" checkpoint.in=auto >out 2>err && cmp swept "$t/checkpoint.safetensors"
