# The batch script as Slurm would run it: USR1 comes to the shell, the job stops, and is requeued. A job that was
# cancelled gets TERM and is not requeued; one that gets TERM because it is preempted is. A task of an array is named by
# both its numbers, for that of the array stands for all tasks.
export TMPDIR=$PWD HOME=$PWD SLURM_JOB_ID=17
mkdir bin
printf '#!/bin/sh\necho "scontrol $*"\n' >bin/scontrol
printf '#!/bin/sh\necho "squeue $*" >&2\ncat state\n' >bin/squeue
chmod +x bin/scontrol bin/squeue
cat >w.yaml <<END
resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpus: 0}
steps: [{name: works, run: {command: 'touch $PWD/ready; [ -e $PWD/again ] || sleep 1000'}}]
END
"$DLA_TRAIN" run w.yaml --render-sbatch >script || exit
# stopped SIGNAL STATE: a job that gets it, while Slurm says that it is in this state.
stopped() {
  echo "$2" >state
  rm -f ready
  PATH=$PWD/bin:$PATH sh script 2>err &
  until [ -e ready ]; do kill -0 $! || exit 99; sleep 0.02; done
  kill -s "$1" $!
  wait $!
  echo "$1 $2: status $?, $(grep -c 'interrupted: works: the step was stopped' err)"
}
stopped USR1 RUNNING
stopped USR1 COMPLETING
stopped TERM COMPLETING
(export SLURM_ARRAY_JOB_ID=17 SLURM_ARRAY_TASK_ID=3 && stopped TERM RUNNING && grep squeue err)
touch again
sh script 2>/dev/null
echo "status $?"
