# SIGUSR1, which LLVM under PoCL would swallow, stops a run on a device like any other.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
. "$DLA_SRCDIR/tests/cli/opencl_fixture.sh"
folder run
"$DLA_TRAIN" c.yaml backend.name=opencl backend.device=0 train.epochs=100000 schedule.t_max=100000 >out 2>err &
pid=$!
# Its kernels are compiled first, which takes a minute with sanitizers on a busy machine.
for _ in $(seq 6000); do
  sleep 0.05
  kill -0 $pid 2>/dev/null || break
  [ "$(cat metrics.jsonl 2>/dev/null | wc -l)" -gt 10 ] && break
done
kill -s USR1 $pid
# Swallowed, it would train on.
for _ in $(seq 1200); do
  kill -0 $pid 2>/dev/null || break
  sleep 0.05
done
kill -s KILL $pid 2>/dev/null
wait $pid
echo "status $?"
