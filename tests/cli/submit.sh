# The batch script, its mistakes, and how it runs: USR1 comes to the shell, the run saves and stops,
# and the job is requeued and goes on.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
here=$PWD
program=$(realpath "$DLA_TRAIN")
folder s
cat >>c.yaml <<'END'
slurm: {partition: debug, account: lab, qos: low, time: 1-12, nodes: 2, cpus_per_task: 3, mem: 4G,
  options: --constraint=avx512 --exclusive, signal_seconds: 90}
END
show() {
  "$DLA_TRAIN" submit "$@" | sed "s,$program,DLA_TRAIN,; s,$PWD,PWD,"
}
show c.yaml --lr=0.05 'dataset.path=it is'
show c.yaml slurm.ntasks=2 slurm.requeue=false | grep -E 'srun|requeue|ntasks'
show ./c.yaml slurm.partition='two words'
show c.yaml slurm.options="$(printf -- '--hold\n#SBATCH --uid=0')"
show c.yaml checkpoint.in=other.pth
show c.yaml input.s3.bucketUrl=s3://b input.s3.secretAccessKey=let-me-in
(export KEY=let-me-in && show c.yaml input.s3.bucketUrl=s3://b 'input.s3.secretAccessKey=$KEY' | grep -o 'Key=.*$')
show c.yaml slurm.signal_seconds=0
PATH=$PWD/nowhere "$DLA_TRAIN" submit c.yaml --now
echo "status $?"
# Where the resources are does not matter to what is trained.
cd "$here" || exit 99
more="schedule.t_max=30 train.threads=1"
folder parts
sed -i "s/epochs: 3/$endless/" c.yaml
mkdir bin
printf '#!/bin/sh\necho "scontrol $*"\n' >bin/scontrol
chmod +x bin/scontrol
export SLURM_JOB_ID=17
# shellcheck disable=SC2086
"$DLA_TRAIN" submit c.yaml $more >script
PATH=$PWD/bin:$PATH sh script >out 2>err &
until [ "$(cat metrics.jsonl 2>/dev/null | wc -l)" -gt 20 ]; do
  kill -0 $! 2>/dev/null || { echo "it ended by itself"; cat err; exit 1; }
  sleep 0.02
done
kill -s USR1 $!
wait $!
echo "status $?"
cat out
ends_soon
sh script >out 2>err
echo "status $?"
cp c.yaml "$here/c.yaml"
# shellcheck disable=SC2086
(folder "$here/whole" && cp "$here/c.yaml" . && "$DLA_TRAIN" c.yaml checkpoint.in=auto $more >out 2>err) || exit 1
cd "$here" && same whole parts
