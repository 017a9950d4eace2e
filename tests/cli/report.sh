# A run leaves its report, which is whole, loads nothing and repeats the run; names mean no harm; three runs of
# 1,000 epochs are small; sweeps; and what goes wrong.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
check() {
  PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$DLA_SRCDIR/tests/cli/report_check.py" "$@"
}
make_run() {
  /usr/bin/python3 "$DLA_SRCDIR/tests/cli/report_runs.py" "$@"
}
echo "== a run"
here=$PWD
folder first
"$DLA_TRAIN" c.yaml train.threads=1 train.epochs=2 optimizer.clip_grad_norm=1 >out 2>err || { cat err; exit 1; }
ls
check report.html
/usr/bin/python3 - <<'END'
import base64, json
run, evaluation = json.load(open("run.json")), json.load(open("evaluation.json"))
ops = {(o["op"], o["pass"]): o["seconds"] for o in evaluation["ops"]}
assert ops["conv2d", "forward"] > 0 and ops["batch_norm", "backward"] > 0 and ops["update", "update"] > 0
assert ">conv2d, backward_weights</th>" in open("report.html").read()
assert run["classes"] == [] and run["layers"][0]["name"] == "conv1" and run["batches"] == 7
assert sum(evaluation["confusion"][2::3]) == evaluation["count"] == 40
wrong = evaluation["count"] - evaluation["correct"]
assert len(evaluation["mistakes"]) == min(wrong, 24)
sure = [m["confidence"] for m in evaluation["mistakes"]]
assert sure == sorted(sure, reverse=True)
assert all(base64.b64decode(p["png"]).startswith(b"\x89PNG") for p in run["inputs"] + evaluation["mistakes"])
epochs = [json.loads(line) for line in open("metrics.jsonl") if '"epoch",' in line]
assert all(e["step_seconds"] + e["wait_seconds"] + e["test_seconds"] <= e["seconds"] for e in epochs)
open("again.sh", "w").write(run["command"].replace("dla-train", '"$DLA_TRAIN"', 1))
END
sh again.sh >out 2>err || { cat err; exit 2; }
values metrics.jsonl >before && values run-again/metrics.jsonl | cmp - before || exit 3
echo "== no secrets"
mkdir pushed
sed '/^output/d; /^checkpoint/d' c.yaml >d.yaml
DEEPSQUARE_OUTPUT=$PWD/pushed "$DLA_TRAIN" d.yaml train.epochs=1 staging.retries=0 \
  output.http.url=http://user:hush-hush@127.0.0.1:1/x.zip >out 2>err
echo "status $?"
ls pushed
grep -rl hush-hush pushed
grep -o 'http://[^ "\\]*' pushed/run.json | sort -u
echo "== without, and where it cannot be written"
"$DLA_TRAIN" c.yaml checkpoint.in= train.max_steps=1 log.report=false output.dir=none >out 2>err && ls none
mkdir -p cannot/report.html/full cannot/run.json/full
"$DLA_TRAIN" c.yaml checkpoint.in= train.epochs=2 train.threads=1 checkpoint.out=o.safetensors output.dir=cannot >out 2>err || { cat err; exit 4; }
grep -c '^warning: .*report.html' err
grep -c '^warning: .*run.json' err
cd "$here" || exit 99
echo "== 3 x 1,000 epochs"
for run in a b c; do make_run "many/$run" 1000 8 || exit 5; done
"$DLA_TRAIN" report many/a many/b many/c --output three.html && check three.html || exit 6
[ "$(wc -c <three.html)" -lt 2000000 ] || { wc -c three.html; exit 7; }
grep -q '"y1":100' three.html || exit 8 # the extreme is in the picture
echo "== harm"
broken=$(printf '<b>\377"run')
make_run "$broken" 3 4 && "$DLA_TRAIN" report "$broken" --output harm.html && check harm.html || exit 9
echo "== a folder of runs"
for lr in 0.1 0.2 0.3; do
  mkdir -p "trials/lr=$lr" && cp many/a/metrics.jsonl "trials/lr=$lr/" && "$DLA_TRAIN" config optimizer.lr=$lr >"trials/lr=$lr/config.yaml"
done
printf '{"exit_status":3,"error":"<b>"}\n' >trials/lr=0.3/failure.json
"$DLA_TRAIN" report trials && check trials/report.html || exit 10
grep -o 'failed, status 3: &lt;b&gt;' trials/report.html
echo "== mistakes"
for wrong in "" "nowhere" "first/c.yaml" "first/none" "--port=1 many" "--serve a b" "--serve --port=x many" "--output= many"; do
  # shellcheck disable=SC2086
  "$DLA_TRAIN" report $wrong
  echo "status $?"
done 2>&1
