# The leaderboard in three formats, of metrics that are written here: ties go by name, an accuracy
# that is none does not count, and what failed comes last.
. "$DLA_SRCDIR/tests/cli/sweep_fixture.sh"
sweep_folder s 2
cat >s.yaml <<END
base: base.yaml
overrides: {dataset.train_limit: 16, dataset.test_limit: 16}
parameters:
  optimizer.lr: [0.1, 0.2]
  schedule.name: [cosine, constant]
  optimizer.weight_decay: [0.0005]
metric: METRIC
output: {dir: out.d}
END
sed -i 's/METRIC/best_test_accuracy/' s.yaml
"$DLA_TRAIN" sweep s.yaml --dry-run
"$DLA_TRAIN" sweep s.yaml --report
sweep || { cat err; exit 1; }
metrics lr=0.1,name=cosine,weight_decay=0.0005 0.5 0.25
metrics lr=0.1,name=constant,weight_decay=0.0005 null null
metrics lr=0.2,name=cosine,weight_decay=0.0005 0.25 0.5
metrics lr=0.2,name=constant,weight_decay=0.0005 0.75 0.75
printf '{"exit_status":3,"error":"step 4: the \\"loss\\""}\n' >out.d/lr=0.2,name=constant,weight_decay=0.0005/failure.json
"$DLA_TRAIN" sweep s.yaml --report
"$DLA_TRAIN" sweep s.yaml --report --csv
"$DLA_TRAIN" sweep s.yaml --report --json
"$DLA_TRAIN" sweep s.yaml --report --json | python3 -c 'import json, sys; json.load(sys.stdin)'
sed -i 's/best_test_accuracy/last_test_accuracy/' s.yaml
"$DLA_TRAIN" sweep s.yaml --report
# The run says the same, and that one failed.
"$DLA_TRAIN" sweep s.yaml --csv 2>&1
echo "status $?"
"$DLA_TRAIN" sweep s.yaml --slurm 2>&1
rm out.d/lr=0.1*/checkpoint.safetensors
"$DLA_TRAIN" sweep s.yaml --slurm --retry-failed >job
grep array job
ls out.d/*/failure.json
