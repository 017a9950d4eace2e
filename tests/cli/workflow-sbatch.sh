# The batch script as Slurm would run it: USR1 comes to the shell, the job stops, and is requeued.
export TMPDIR=$PWD HOME=$PWD SLURM_JOB_ID=17
mkdir bin
printf '#!/bin/sh\necho "scontrol $*"\n' >bin/scontrol
chmod +x bin/scontrol
cat >w.yaml <<END
resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpus: 0}
steps: [{name: works, run: {command: 'touch $PWD/ready; [ -e $PWD/again ] || sleep 1000'}}]
END
"$DLA_TRAIN" run w.yaml --render-sbatch >script || exit
PATH=$PWD/bin:$PATH sh script 2>err &
until [ -e ready ]; do kill -0 $! || exit 99; sleep 0.02; done
kill -s USR1 $!
wait $!
echo "status $?"
grep -c 'interrupted: works: the step was stopped' err
touch again
sh script 2>/dev/null
echo "status $?"
