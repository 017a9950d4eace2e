# A submitted run that is told to stop (USR1 to the batch shell, as before its time is over), and one
# that Slurm requeues while it runs: both go on from where they were, and end with the same bytes as a
# run that was never stopped. A run that is cancelled stays so.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
set -- 17900
. "$DLA_SRCDIR/tests/slurm/fixture.sh"
# The resources are a part of the config, which is a part of the checkpoint.
more="schedule.t_max=60 train.threads=1 slurm.time=30 slurm.mem=100M"
folder parts
sed -i "s/epochs: 3/$endless/" c.yaml
# shellcheck disable=SC2086
job=$("$DLA_TRAIN" submit --now c.yaml $more | sed 's/Submitted batch job //')
lines metrics.jsonl 20
scancel --signal=USR1 --batch "$job"
until_true grep -q '^starting from' slurm-*.out
grep -c '^dla-train: interrupted' slurm-*.out
lines metrics.jsonl $(($(wc -l <metrics.jsonl) + 20))
touch "$hold"
scontrol requeue "$job"
wait_for "$job" PENDING
ends_soon
rm "$hold"
wait_for "$job" COMPLETED
grep -c '^dla-train: interrupted' slurm-*.out
grep -c '^starting from' slurm-*.out
scontrol show job -o "$job" | grep -o 'Restarts=[0-9]*'
cp c.yaml "$here/c.yaml"
# shellcheck disable=SC2086
(folder "$here/whole" && cp "$here/c.yaml" . && "$DLA_TRAIN" c.yaml checkpoint.in=auto $more >out 2>err) || exit 1
cd "$here" || exit 99
same whole parts

folder cancelled
sed -i "s/epochs: 3/$endless/" c.yaml
# shellcheck disable=SC2086
job=$("$DLA_TRAIN" submit --now c.yaml $more | sed 's/Submitted batch job //')
lines metrics.jsonl 20
touch "$hold"
scancel "$job"
wait_for "$job" CANCELLED
grep -c '^dla-train: interrupted' slurm-*.out
