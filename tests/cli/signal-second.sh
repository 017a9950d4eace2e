# A second signal, whichever, ends the program at once with 128 and its number, wherever it is: no
# temporary file is left, and checkpoints are whole.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
. "$DLA_SRCDIR/tests/cli/signals_fixture.sh"
export TMPDIR=$PWD/tmp
mkdir tmp
folder run
large="dataset.train_limit=256 dataset.test_limit=256 checkpoint.in= checkpoint.out=large.safetensors"

# A step of SimpleDLA takes seconds.
# shellcheck disable=SC2086
begin c.yaml model.graph= $large train.batch_size=256 train.test_batch_size=256
until_true grep '^planned memory' err
send TERM INT
ends compute

# So does a batch of its evaluation, behind one short step.
# shellcheck disable=SC2086
begin c.yaml model.graph= $large dataset.train_limit=2 train.batch_size=2 train.test_batch_size=256
until_true test -s metrics.jsonl
send HUP USR1
ends evaluation

# The start-up, while it waits for data; that it waits is known when somebody could write.
mkfifo images.tar
begin c.yaml dataset.path=images.tar
exec 9>images.tar
send TERM TERM
ends start-up
exec 9>&-

# An evaluation by itself has nothing to save: the first one ends it.
"$DLA_TRAIN" c.yaml >out 2>err || exit 1
mkfifo more.tar
begin eval c.yaml checkpoint.in=last dataset.path=more.tar
exec 9>more.tar
send TERM
ends eval
exec 9>&-

# At moments that nobody chose, while it saves all the time.
for signal in TERM INT USR1 HUP; do
  lines=$(wc -l <metrics.jsonl)
  begin c.yaml train.epochs=100000 schedule.t_max=100000 checkpoint.every_steps=1
  more() { [ "$(wc -l <metrics.jsonl)" -gt "$((lines + 5))" ]; }
  until_true more
  kill -s TERM $pid
  kill -s $signal $pid 2>/dev/null
  { wait $pid; } 2>/dev/null
  status=$?
  case $status in
    75 | 129 | 130 | 138 | 143) ;; # the first may have been enough, and the order is not said
    *) echo "status $status" && cat err ;;
  esac
  "$DLA_TRAIN" inspect ckpt.safetensors >inspect || exit 1
done
find . ../tmp -name '*.tmp' -o -name '.dla-*'
