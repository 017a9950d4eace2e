# A signal reaches the whole process group of the step that runs, which has the time to save; status
# 75, no later step, and scratch is gone, or stays with --keep.
export TMPDIR=$PWD/tmp HOME=$PWD
mkdir tmp
cat >w.yaml <<END
resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpus: 0}
enableLogging: true
steps:
  - name: works
    run:
      command: |
        sh -c 'trap "sleep 0.2; echo saved >$PWD/saved; exit" USR1 TERM; touch $PWD/ready; while :; do sleep 0.05; done' &
        wait
    catch: [{run: {command: touch $PWD/caught}}]
  - run: {command: touch $PWD/later}
END
for signal in USR1 TERM; do
  rm -f ready saved
  "$DLA_TRAIN" run w.yaml --keep >out 2>err &
  pid=$!
  until [ -e ready ]; do kill -0 $! || exit 99; sleep 0.02; done
  kill -s $signal $pid
  wait $pid
  echo "status $?"
  cat saved
  tail -n 1 err
done
ls tmp/.dla-*/output/logs/*works.log | wc -l
grep -c kept err
ls
