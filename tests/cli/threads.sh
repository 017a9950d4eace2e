# What OpenMP's variables, affinity and limits say changes no result: with as many threads, the
# checkpoint is the same to the byte. Where there cannot be so many, the run ends at its start.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"

# train NAME VARIABLE=VALUE ...: in a folder of its own.
train() {
  name=$1
  shift
  (folder "$backend.$name" && env -u OMP_WAIT_POLICY "$@" "$DLA_TRAIN" c.yaml backend.name="$backend" train.threads=2 >out 2>err) || {
    echo "$backend $name: status $?"
    cat "$backend.$name/err"
  }
}

# More threads than processors: each time the same, and the numbers of two threads but for rounding.
many() {
  for time in once twice; do
    (folder "$backend.$time" && "$DLA_TRAIN" c.yaml backend.name="$backend" train.threads=16 >out 2>err) ||
      { echo "$backend, 16 threads: status $?"; cat "$backend.$time/err"; }
  done
  cmp "$backend.once/ckpt.safetensors" "$backend.twice/ckpt.safetensors"
  sed -n 's/.*"type":"step".*"loss":\([0-9.]*\).*/\1/p' "$backend.once/metrics.jsonl" >many
  sed -n 's/.*"type":"step".*"loss":\([0-9.]*\).*/\1/p' "$backend.plain/metrics.jsonl" | paste - many |
    awk -v backend="$backend" '{ off = $1 - $2; if (off * off > 1e-6) print backend ": step " NR ": " $1 ", with 16 threads " $2 } END { if (NR < 3) print NR " steps" }'
}

for backend in $(backends); do
  case $backend in onednn | openblas) ;; *) continue ;; esac
  train plain A=
  for variable in OMP_DYNAMIC=true OMP_NESTED=true OMP_MAX_ACTIVE_LEVELS=0 OMP_WAIT_POLICY=passive \
    OMP_WAIT_POLICY=active OMP_PROC_BIND=true OMP_PROC_BIND=close OMP_PROC_BIND=spread \
    GOMP_CPU_AFFINITY=0-1 OMP_NUM_THREADS=0 OMP_NUM_THREADS=abc OMP_NUM_THREADS=4,2 \
    GOMP_SPINCOUNT=5; do
    [ $variable = OMP_DYNAMIC=true ] || ! is_sanitized || continue
    train "$variable" "$variable"
    cmp "$backend.plain/ckpt.safetensors" "$backend.$variable/ckpt.safetensors"
  done
  train all OMP_DYNAMIC=true OMP_MAX_ACTIVE_LEVELS=0 OMP_NESTED=true
  cmp "$backend.plain/ckpt.safetensors" "$backend.all/ckpt.safetensors"
  is_sanitized || many
  first=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')
  (folder "$backend.one" && taskset -c "$first" "$DLA_TRAIN" c.yaml backend.name="$backend" train.threads=2 >out 2>err) || exit 1
  cmp "$backend.plain/ckpt.safetensors" "$backend.one/ckpt.safetensors"
done
# A quota of half a processor, where a control group can be made: the same bytes, and one thread by default.
backend=$(ls -d ./*.plain | sed -n '1s/^.\/\(.*\).plain$/\1/p')
for parent in /sys/fs/cgroup/cpu /sys/fs/cgroup; do
  group=$parent/dla-test-$$
  [ -e "$parent/cgroup.procs" ] && mkdir "$group" 2>/dev/null || continue
  if echo 50000 >"$group/cpu.cfs_quota_us" || echo "50000 100000" >"$group/cpu.max"; then
    (folder quota && sh -c 'echo $$ >"$0/cgroup.procs" && exec "$1" c.yaml backend.name="$2" train.threads=2' \
      "$group" "$DLA_TRAIN" "$backend" >out 2>err) && { cmp "$backend.plain/ckpt.safetensors" quota/ckpt.safetensors || echo "a quota: other bytes"; }
    [ ! -e quota/ckpt.safetensors ] || (folder by-quota && sh -c 'echo $$ >"$0/cgroup.procs" && exec "$1" c.yaml' \
      "$group" "$DLA_TRAIN" 2>&1 | grep -q ' 1 thread, backend') || echo "the quota does not count"
  fi 2>/dev/null
  rmdir "$group"
  break
done
folder limited
OMP_THREAD_LIMIT=1 "$DLA_TRAIN" c.yaml train.threads=2 2>err
echo "status $?"
grep '^dla-train:' err

# A limit on the user's threads, for a user of this run's own: from one thread on, until there are enough. What
# is counted is the user's, so only root can say how many there are.
[ "$(id -u)" = 0 ] && command -v setpriv prlimit >/dev/null || exit 0
cp -r "$data" images && cp "$DLA_TRAIN" program && chmod 755 . ../.. .. program && chmod 777 .
user=$((200000 + $$))
count=0 status=2
# LeakSanitizer needs a thread of its own at the end.
export ASAN_OPTIONS="detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
while [ $count -lt 12 ] && [ $status = 2 ]; do
  count=$((count + 1))
  rm -f ckpt.* metrics.jsonl
  setpriv --reuid=$user --regid=$user --clear-groups prlimit --nproc=$count:$count \
    ./program c.yaml dataset.path=images train.threads=2 >out 2>err
  status=$?
  [ $status != 2 ] || [ "$(grep -c "^dla-train: error: .*ulimit -u" err)" = 1 ] || { echo "limit $count:"; cat err; }
done
echo "with enough: status $status"
[ $count -gt 3 ] || echo "enough are $count?"
