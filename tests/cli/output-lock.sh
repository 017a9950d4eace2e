# Two runs do not write into one folder: the second is refused with the first one's host and process.
# One that was killed holds nothing up, nor does what it left there.
. "$DLA_SRCDIR/tests/cli/sweep_fixture.sh"
host=$(hostname)
long="train.epochs=100000 schedule.t_max=100000 checkpoint.every_epochs=100000 checkpoint.every_steps=5"
here=$PWD

# begin LOG ARGUMENT ...: starts it in the background as $pid, and waits until LOG has it training.
begin() {
  log=$1
  shift
  rm -f out1 err1 # of the run before
  "$DLA_TRAIN" "$@" >out1 2>err1 &
  pid=$!
  until grep -q '^planned memory' "$log" 2>/dev/null; do
    kill -0 $pid 2>/dev/null || { cat err1; exit 1; }
    sleep 0.02
  done
}

# refused ARGUMENT ...: the folder is taken by the process $pid.
refused() {
  "$DLA_TRAIN" "$@" >out2 2>err2
  echo "status $?"
  sed "s/process $pid on host $host/process P on host H/; s/^dla-train: error: //" err2 | tail -n 1
}

folder run
# shellcheck disable=SC2086
begin err1 c.yaml $long
refused c.yaml
until [ -e ckpt.safetensors ]; do sleep 0.02; done
kill -KILL $pid
{ wait $pid; } 2>/dev/null
[ -e .dla-locked ] || echo "it left nothing"
# shellcheck disable=SC2086
begin err1 c.yaml $long
kill -TERM $pid
wait $pid
echo "status $?"
grep -q '^starting from ckpt.safetensors' err1 || cat err1
[ -e .dla-locked ] && echo "the lock is left"

# Of another host: what is only written is not believed, what is locked is.
echo "elsewhere 7 some-boot 1" >.dla-locked
mkfifo hold
python3 -c '
import fcntl, sys, time
lock = open(".dla-locked")
fcntl.flock(lock, fcntl.LOCK_EX)
open("ready", "w").close()
sys.stdin.read()' <hold &
python=$!
exec 9>hold
until [ -e ready ]; do sleep 0.02; done
refused c.yaml
exec 9>&-
wait $python
"$DLA_TRAIN" c.yaml train.epochs=100000 train.max_steps=1000 >out 2>err
echo "status $?"

# A folder that a refused or failed run made goes again.
"$DLA_TRAIN" c.yaml checkpoint.in= dataset.path=gone output.dir=new >out 2>err
echo "status $?"
[ -e new ] && echo "the folder is left"

# A sweep has its folder, too.
cd "$here" || exit 99
sweep_folder sweep 100000
cat >s.yaml <<END
base: base.yaml
parameters: {optimizer.lr: [0.1]}
output: {dir: out.d}
END
begin out.d/lr=0.1/log.txt sweep s.yaml
refused sweep s.yaml
# The sweep alone is killed; its trial is told to stop, and the next sweep waits until it has saved.
kill -KILL $pid
{ wait $pid; } 2>/dev/null
"$DLA_TRAIN" sweep s.yaml >out1 2>err1 &
pid=$!
until grep -q '^starting from' out.d/lr=0.1/log.txt; do
  kill -0 $pid 2>/dev/null || { cat err1; exit 1; }
  sleep 0.02
done
kill -TERM $pid
wait $pid
echo "status $?"
