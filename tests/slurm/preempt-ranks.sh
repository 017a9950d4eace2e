# The same with two ranks on two nodes: USR1 to the batch shell goes through srun to both, which stop
# behind the same step; the job is requeued, and ends with the bytes of two ranks that mpirun started.
. "$DLA_SRCDIR/tests/dist/fixture.sh"
set -- 18700
. "$DLA_SRCDIR/tests/slurm/fixture.sh"
more="schedule.t_max=15 train.threads=1 slurm.ntasks=2 slurm.nodes=2 slurm.time=30"
folder parts
sed -i "s/epochs: 3/$endless/" c.yaml
touch "$hold"
# shellcheck disable=SC2086
job=$("$DLA_TRAIN" submit --now c.yaml $more | sed 's/Submitted batch job //')
lines metrics.jsonl 20
scancel --signal=USR1 --batch "$job"
until_true grep -q '^dla-train: interrupted' slurm-*.out
ends_soon
rm "$hold"
wait_for "$job" COMPLETED
grep -c '^dla-train: interrupted' slurm-*.out
scontrol show job -o "$job" | grep -o 'Restarts=[0-9]*'
cp c.yaml "$here/c.yaml"
# shellcheck disable=SC2086
(folder "$here/whole" && cp "$here/c.yaml" . && ranks 2 c.yaml checkpoint.in=auto $more >out 2>err) ||
  { cat "$here/whole/err" >&2; exit 1; }
cd "$here" && same whole parts
