# A step leaves nothing behind: neither what is in the background, nor what has a session of its own.
# A second signal ends what does not want to end, and takes the scratch folder with it.
. "$DLA_SRCDIR/tests/cli/signals_fixture.sh"
export TMPDIR=$PWD/tmp HOME=$PWD
mkdir tmp
daemon='setsid sh -c "echo \$\$ >>'$PWD'/pids; exec sleep 100000" >/dev/null 2>&1 </dev/null &'
alive() { # one that has ended, and nobody took notice yet, is not
  for leftover in $(cat pids); do
    state=$(sed -n 's/^State:[^A-Z]*\([A-Z]\).*/\1/p' "/proc/$leftover/status" 2>/dev/null)
    case $state in "" | Z | X) ;; *) echo "$leftover is alive: $state" && kill -KILL "$leftover" ;; esac
  done
}
cat >w.yaml <<END
resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpus: 0}
steps:
  - name: leaves
    run:
      command: |
        sleep 100000 >/dev/null 2>&1 &
        echo \$! >>$PWD/pids
        ($daemon)
        while [ "\$(wc -l <$PWD/pids)" -lt 2 ]; do sleep 0.02; done
  - name: looks
    run: {command: 'for p in \$(cat $PWD/pids); do kill -0 \$p 2>/dev/null && echo \$p is alive; done; echo looked'}
END
"$DLA_TRAIN" run w.yaml 2>err || cat err
alive
rm pids

cat >w.yaml <<END
resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpus: 0}
steps:
  - name: stays
    run:
      command: |
        trap '' TERM USR1 INT HUP
        $daemon
        touch $PWD/ready
        while :; do sleep 0.05; done
END
for signal in TERM INT USR1 HUP; do
  rm -f ready pids
  begin run w.yaml
  until_true test -s pids -a -e ready
  send TERM $signal
  ends $signal
  alive
  ls -A tmp
done

# A sweep's trial, whose step takes seconds, ends with the sweep.
[ -d /usr/share/datasets/fashion-mnist ] || exit 0
cat >base.yaml <<END
dataset: {path: /usr/share/datasets/fashion-mnist, train_limit: 256, test_limit: 256}
train: {batch_size: 256, epochs: 2}
END
cat >s.yaml <<END
base: base.yaml
parameters: {optimizer.lr: [0.1]}
output: {dir: out.d}
END
begin sweep s.yaml
until_true grep '^planned memory' out.d/lr=0.1/log.txt
cat /proc/$pid/task/*/children >pids
send TERM INT
ends sweep
alive
find . -name '*.tmp' -o -name '.dla-*'
