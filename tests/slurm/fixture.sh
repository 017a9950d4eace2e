# Sourced by the tests of Slurm: a cluster of two nodes on loopback, from port $1 on, for as long as
# the test runs.
command -v slurmctld >/dev/null || PATH=$PATH:/usr/sbin
command -v slurmctld >/dev/null && command -v munged >/dev/null ||
  { echo "Slurm is missing: install slurm-wlm and munge" >&2; exit 77; }
here=$PWD
export SLURM_PORT="$1"
sh "$DLA_SRCDIR/tests/slurm/cluster.sh" start "$here/cluster" || exit 1
export SLURM_CONF="$here/cluster/slurm.conf"

# Slurm lets a requeued job wait for two minutes. Those that waited at the last look, too, are told to
# begin: at once, the processes of the run before would still be ending on the nodes. While the file
# `hold` is there, none is.
before=
hold=$here/hold
while sleep 3; do
  [ -e "$hold" ] && continue
  waiting=$(squeue -h -t PD -o '%i %r' | sed -n 's/ BeginTime$//p')
  for id in $waiting; do
    case " $before " in *" $id "*) scontrol update "JobId=$id" StartTime=now ;; esac
  done
  before=$(echo $waiting)
done 2>/dev/null &
impatient=$!
trap 'kill $impatient; sh "$DLA_SRCDIR/tests/slurm/cluster.sh" stop "$here/cluster"' EXIT

# state JOB: of a job; empty when Slurm has forgotten it.
state() {
  scontrol show job -o "$1" | sed -n 's/.* JobState=\([A-Z_]*\) .*/\1/p'
}

# until_true COMMAND ...: waits for what it asks. Ten minutes are ten times what a slow machine needs.
until_true() {
  for _ in $(seq 6000); do
    "$@" && return
    sleep 0.1
  done
  echo "this never came true: $*" >&2
  scontrol show job >&2
  exit 1
}

# wait_for JOB STATE
wait_for() {
  until_true is_in_state "$@"
}
is_in_state() {
  [ "$(state "$1")" = "$2" ]
}

# lines FILE NUMBER: waits until the file has more than that.
lines() {
  until_true has_lines "$@"
}
has_lines() {
  [ "$(cat "$1" 2>/dev/null | wc -l)" -gt "$2" ]
}
