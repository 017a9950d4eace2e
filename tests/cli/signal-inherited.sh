# What a process inherits about signals: a SIGHUP or SIGINT that came ignored stays so, a SIGTERM that
# came blocked is heard, SIGHUP saves as SIGTERM does, and an ignored SIGCHLD hides no child's end. What
# is started gets back what came in.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
. "$DLA_SRCDIR/tests/cli/signals_fixture.sh"
export TMPDIR=$PWD HOME=$PWD
folder run
long="train.epochs=100000 schedule.t_max=100000 checkpoint.every_epochs=100000"
lines=0
more() { [ "$(cat metrics.jsonl | wc -l)" -gt "$((lines + 5))" ]; }

# trains: waits until it does steps.
trains() {
  until_true grep '^planned memory' err
  lines=$(cat metrics.jsonl 2>/dev/null | wc -l)
  until_true more
}

# shellcheck disable=SC2086
begin c.yaml $long
trains
send HUP
ends SIGHUP
tail -n 1 err | sed 's/step [0-9]*/step N/'

rm -f out err
# shellcheck disable=SC2086
nohup "$DLA_TRAIN" c.yaml $long >out 2>err </dev/null &
pid=$!
trains
kill -HUP $pid
trains
kill -TERM $pid
ends nohup

# As a shell starts it behind &.
rm -f out err
# shellcheck disable=SC2086
"$DLA_TRAIN" c.yaml $long >out 2>err &
pid=$!
trains
kill -INT $pid
trains
kill -TERM $pid
ends 'SIGINT ignored'

rm -f out err
# shellcheck disable=SC2086
python3 -c '
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
os.execv(sys.argv[1], sys.argv[1:])' "$DLA_TRAIN" c.yaml $long >out 2>err &
pid=$!
trains
kill -TERM $pid
ends 'all blocked'

# timeout(1) sends two, of which the second is no second wish.
rm -f out err
# shellcheck disable=SC2086
timeout 100000 "$DLA_TRAIN" c.yaml $long >out 2>err &
pid=$!
trains
kill -TERM $pid
ends timeout

# A child that was told of its parent's end hears of it once for each of the parent's threads; see
# tests/cli/output-lock.sh.
cat >w.yaml <<END
resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpus: 0}
steps:
  - name: says
    run:
      command: |
        look() { echo \$((0x\$(sed -n "s/^\$1:\t*//p" /proc/self/status) & \$2)); }
        echo "blocked: SIGURG \$(look SigBlk 0x400000), SIGTERM \$(look SigBlk 0x4000)"
        echo "ignored: SIGHUP \$(look SigIgn 1), SIGPIPE \$(look SigIgn 0x1000), SIGXFSZ \$(look SigIgn 0x1000000)"
END
timeout 600 python3 -c '
import os, signal, sys
for number in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGURG, signal.SIGTERM})
os.execv(sys.argv[1], sys.argv[1:])' "$DLA_TRAIN" run w.yaml 2>err
echo "SIGCHLD ignored: status $?"
