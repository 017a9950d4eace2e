# Where OpenMP binds its threads, the first one has only one of the processors; all of them compute. With
# OMP_PROC_BIND=false none is bound.
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

OMP_PROC_BIND=false "$DLA_TRAIN" c.yaml train.epochs=1000000 "train.threads=$(nproc)" >out 2>&1 &
until grep -q loss metrics.jsonl 2>/dev/null; do kill -0 $! || { cat out; exit 99; }; sleep 0.05; done
grep -h Cpus_allowed_list /proc/$!/task/*/status | sort -u | wc -l
kill -KILL $!
