# The same run under Slurm, on two virtual nodes: srun starts the ranks, scancel stops all of them.
. "$DLA_SRCDIR/tests/dist/fixture.sh"
command -v slurmctld >/dev/null && command -v munged >/dev/null ||
  PATH=$PATH:/usr/sbin command -v slurmctld >/dev/null ||
  { echo "Slurm is missing: install slurm-wlm and munge" >&2; exit 77; }
here=$PWD
sh "$DLA_SRCDIR/tests/slurm/cluster.sh" start "$here/cluster" || exit 1
trap 'sh "$DLA_SRCDIR/tests/slurm/cluster.sh" stop "$here/cluster"' EXIT
export SLURM_CONF="$here/cluster/slurm.conf" OMP_NUM_THREADS=1
(folder mpirun && ranks 2 c.yaml train.sync_bn=true >out 2>err) || exit 1
(folder srun && srun --mpi=pmix -N 2 -n 2 "$DLA_TRAIN" c.yaml train.sync_bn=true >out 2>err) ||
  { cat srun/err >&2; exit 1; }
same mpirun srun
# Without PMIx the tasks do not find one another: they say so instead of writing the same files.
cd srun && srun --mpi=none -n 2 "$DLA_TRAIN" c.yaml 2>&1 | grep -o 'started 2 processes that cannot reach one another' | sort -u
# SIGTERM to the step: all stop behind the same step, saved.
srun --mpi=pmix -n 2 "$DLA_TRAIN" c.yaml train.epochs=100000 schedule.t_max=100000 >out 2>err &
pid=$!
for _ in $(seq 6000); do
  sleep 0.1
  [ "$(cat metrics.jsonl 2>/dev/null | wc -l)" -gt 40 ] && break
done
step=$(squeue -h -s -o %i | grep -v batch | head -n 1)
scancel -s TERM "$step"
wait $pid
echo "status $?"
grep -c 'interrupted: ckpt.safetensors: stopped behind step' err
