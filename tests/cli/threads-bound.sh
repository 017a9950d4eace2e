# Where OpenMP binds its threads, the first one has only one of the processors; all of them compute.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
folder net
threads() {
  "$DLA_TRAIN" bench --steps=1 --json model.graph=net.yaml train.batch_size=2 |
    sed 's/.*"threads":\([0-9]*\).*/\1/'
}
unset OMP_NUM_THREADS SLURM_CPUS_PER_TASK
free=$(threads)
bound=$(OMP_PROC_BIND=true threads)
[ "$free" = "$bound" ] || echo "$free threads, but $bound when they are bound"
