# What every verb prints with --json, and every file that is JSON, is what jq takes, also where a
# number is none.
command -v jq >/dev/null || { echo "install jq" >&2; exit 77; }
. "$DLA_SRCDIR/tests/cli/sweep_fixture.sh"

# check NAME FILTER: the file NAME holds JSON, of which the filter is true.
check() {
  jq -es "$2" "$1" >/dev/null || { echo "$1: not so: $2"; cat "$1"; exit 1; }
}

sweep_folder run 1
dla() { "$DLA_TRAIN" "$@" 2>err; }
dla c.yaml --json >train.json || exit 1
check train.json '.[0] | .steps == 21 and (.test_loss | type) == "number"'
check metrics.jsonl '(.[0] | .type == "step" and .step == 1) and length == 24 and (.[-1] | .test_top5_accuracy >= .test_accuracy)'
dla eval c.yaml checkpoint.in=last --json >eval.json || exit 1
check eval.json '.[0] | .count == 40 and (.confusion | length) == 10'
check eval.json '.[0] | .top5_accuracy >= .accuracy and ([.by_class[].support] | add) == 40 and .macro.support == 40'
check eval.json '.[0] | .ece >= 0 and (.calibration | (.bin_count | length == 15 and add == 40)
  and ([.bin_count, .bin_accuracy, .bin_confidence] | transpose | map(select(.[0] == 0)) | all(. == [0, null, null])))'
dla inspect ckpt.safetensors --json >inspect.json || exit 1
check inspect.json '.[0] | .state.step == 21 and .digest == "verified"'
dla bench c.yaml --steps=2 --json --trace=trace.json >bench.json || exit 1
check bench.json '.[0] | .steps == 2 and .step_seconds.min > 0'
check trace.json '.[0].traceEvents | length > 5 and all(.ph == "X")'
dla config c.yaml --json optimizer.no_decay=norm_and_bias augment.flip=alternating train.freeze='[conv1]' \
  output.s3.secretAccessKey=hidden output.s3.bucketUrl=s3://bucket >config.json || exit 1
check config.json '.[0] | .optimizer.no_decay == "norm_and_bias" and .augment.flip == "alternating" and
  .train.freeze == ["conv1"] and .input.s3.region == "" and .optimizer.nesterov == false'
check config.json '.[0].output.s3.secretAccessKey == "(redacted)"'
"$DLA_TRAIN" --config-schema >schema.json || exit 1
check schema.json '.[0].properties.train.properties.epochs.type == "integer"'

# Finite weights whose loss is not: NaN where PyTorch has it.
python3 - <<'END' || exit 1
import json, struct
data = bytearray(open("ckpt.safetensors", "rb").read())
size = struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8:8 + size])
entry = next(v for k, v in header.items() if k.endswith("linear.weight"))
header["__metadata__"] = {k: v for k, v in header["__metadata__"].items() if "sha256" not in k}
begin, end = entry["data_offsets"]
rest = data[8 + size:]
rest[begin:end] = struct.pack("<f", 3e38) * ((end - begin) // 4)
text = json.dumps(header).encode()
open("huge.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + rest)
END
"$DLA_TRAIN" eval c.yaml checkpoint.in=huge.safetensors --json >huge.json 2>err
check huge.json '.[0] | .loss == null and .ece == null and .count == 40'

dla convert ckpt.safetensors ckpt.pth --json >convert.json || exit 1
check convert.json '. == [{"from": "ckpt.safetensors", "to": "ckpt.pth"}]'
dla export ckpt.safetensors net.onnx --json >onnx.json || exit 1
check onnx.json '.[0] | .format == "onnx" and .path == "net.onnx" and (.metadata | length > 3)'
dla export ckpt.safetensors --pytorch=net --json >pytorch.json || exit 1
check pytorch.json '. == [{"format": "pytorch", "path": "net"}]'
dla report . --output=page.html --json >report.json || exit 1
check report.json '. == [{"file": "page.html"}]'
dla new fresh --data="$data" --json >new.json || exit 1
check new.json '.[0] | .config == "fresh/config.yaml" and .train == 1000 and .test == 2500 and .classes == 10'
dla submit c.yaml checkpoint.in= --json >submit.json || exit 1
check submit.json '.[0].script | startswith("#!/bin/")'
mkdir bin
printf '#!/bin/sh\necho "Submitted batch job 71"\n' >bin/sbatch
chmod +x bin/sbatch
PATH=$PWD/bin:$PATH dla submit c.yaml checkpoint.in= --now --json >now.json || exit 1
check now.json '.[0] | .job == 71 and (.sbatch | startswith("Submitted"))'

mkdir -p from && echo text >"from/a \"name\".txt"
for way in put sync; do
  dla stage $way from "to-$way" --json >"$way.json" || exit 1
  check "$way.json" '.[-1] == {"type":"end","moved":1,"same":0,"deleted":0,"bytes":5,"dry_run":false}'
done
dla stage get to-put got --dry-run --json >get.json || exit 1
check get.json '.[-1].dry_run and .[0].name != null'

cat >s.yaml <<END
base: base.yaml
parameters: {optimizer.lr: [+.05, 1e3], train.sync_bn: [False]}
overrides: {train.epochs: 3, optimizer.weight_decay: 1, schedule.warmup_epochs: 0}
output: {dir: out.d}
END
sweep
sweep --report --json >sweep.log
check out 'length == 1 and (.[0].trials | length == 2 and all(.parameters["train.sync_bn"] == false))'
check out '.[0].trials | map(.parameters["optimizer.lr"]) | sort == [0.05, 1000]'
check out '.[0] | .failed == 1 and (.trials[1] | .value == null and .exit_status == 3)'
for failure in out.d/*/failure.json; do
  check "$failure" '.[0].exit_status == 3'
done

cat >job.yaml <<'EOF'
resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpus: 0}
steps:
  - {name: hello, run: {command: echo hello}}
  - {name: no, if: 1 -eq 2, run: {command: echo no}}
  - {name: each, for: {parallel: true, items: [a, b], steps: [{name: it, run: {command: echo $item}}]}}
  - {name: bad, run: {command: exit 7}, catch: [{name: mend, run: {command: "true"}}]}
  - {name: last, run: {command: exit 5}}
EOF
dla run job.yaml --json >run.json
[ $? = 5 ] || echo "another status"
check run.json '.[0] | .exit_status == 5 and .error.where == "last" and .seconds > 0 and
  ([.steps[] | select(.name | startswith("each") | not) | [.name, .outcome, .exit_status]] ==
    [["hello", "done", 0], ["no", "skipped", 0], ["bad/catch/mend", "done", 0], ["bad", "caught", 7], ["last", "failed", 5]]) and
  ([.steps[].name] | index("each[0]/it") and index("each[1]/it") and index("each"))'
grep -qx hello err || echo "a step's lines are lost"
dla run job.yaml --check --json >good.json || exit 1
check good.json '. == [{"file": "job.yaml", "faults": [], "missing": [], "shortages": []}]'
sed 's/tasks: 1/tasks: x/; s/parallel: true, //' job.yaml >wrong.yaml
for check in --check ''; do
  dla run wrong.yaml $check --json >wrong.json
  [ $? = 2 ] || echo "another status"
  check wrong.json '.[0].faults | map(.where) == ["wrong.yaml:1", "wrong.yaml:5"]'
done
echo ': [' >broken.yaml
dla run broken.yaml --check --json >broken.json
check broken.json '.[0].faults | length == 1 and (.[0].message | startswith("no YAML"))'
