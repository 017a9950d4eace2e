# A training config as a step trains as the same config alone does.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
folder files
export TMPDIR=$PWD HOME=$PWD OMP_NUM_THREADS=1
{
  cat <<END
resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 4000, gpus: 0}
enableLogging: true
env: [{key: NET, value: $PWD/net.yaml}]
steps:
  - name: train
    train:
END
  sed 's/^/      /; s,graph: net.yaml,graph: $NET,; s,in: auto,in: "",' c.yaml
  cat <<END
  - {name: keep, run: {command: 'cp \$DEEPSQUARE_OUTPUT/ckpt.safetensors \$DEEPSQUARE_OUTPUT/metrics.jsonl $PWD'}}
END
} >w.yaml
"$DLA_TRAIN" w.yaml >out 2>err || { cat out err; exit 1; }
grep -q '\[train\] .*100 training and 40 test images' out || { cat out; exit 1; }
mkdir ../plain && cd ../plain && cp ../files/net.yaml ../files/c.yaml . || exit
"$DLA_TRAIN" c.yaml >out 2>err || exit
cd ..
values files/metrics.jsonl >files.values
values plain/metrics.jsonl | cmp - files.values
