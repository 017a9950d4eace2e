# A sweep as a job array: every trial is a job; one that is stopped is requeued and goes on. The trials
# end with the same bytes as those of the sweep that ran here.
. "$DLA_SRCDIR/tests/cli/sweep_fixture.sh"
set -- 18300
. "$DLA_SRCDIR/tests/slurm/fixture.sh"
sweep_file() {
  cat >s.yaml <<'END'
base: base.yaml
overrides: {slurm.time: "5", slurm.mem: 100M, slurm.array_limit: 2}
parameters: {optimizer.lr: [0.1, 0.05, 0.01]}
output: {dir: out.d}
END
}
(sweep_folder whole 40 && sweep_file && sweep) || exit 1
sweep_folder parts 40
sweep_file
"$DLA_TRAIN" sweep s.yaml --slurm | grep '^#SBATCH'
"$DLA_TRAIN" sweep s.yaml --trial=2 >out 2>err || exit 1
job=$("$DLA_TRAIN" sweep s.yaml --slurm --now | sed 's/Submitted batch job //')
lines out.d/lr=0.01/metrics.jsonl 20
# Of the array's tasks the last one has the number of the array, which Slurm also takes for all of them.
scancel --signal=USR1 --batch "${job}_3"
wait_for "${job}_1" COMPLETED
wait_for "${job}_3" COMPLETED
ls slurm-*.out | sed "s/$job/JOB/"
# It was stopped before its end, and went on.
grep "goes on$" "slurm-${job}_3.out"
for task in 1 3; do scontrol show job -o "${job}_$task" | grep -o 'Restarts=[0-9]*'; done
"$DLA_TRAIN" sweep s.yaml --report --json | grep -o '"state":"[a-z]*"'
cd "$here" || exit 99
for t in lr=0.1 lr=0.05 lr=0.01; do
  cmp "whole/out.d/$t/checkpoint.safetensors" "parts/out.d/$t/checkpoint.safetensors" || exit 1
done
