#!/bin/sh
# A Slurm cluster of two virtual nodes of one processor each, all on this machine and on loopback,
# without systemd, cgroups or accounting:
#   cluster.sh start DIR    then: export SLURM_CONF=DIR/slurm.conf
#   cluster.sh stop DIR
# DIR is fresh, and holds everything that the daemons write. SLURM_PORT and the 300 ports behind it are
# theirs; unless it is set, they are some that another cluster will hardly have.
set -eu
command=${1:?usage: cluster.sh start|stop DIR}
mkdir -p "${2:?usage: cluster.sh start|stop DIR}"
dir=$(cd "$2" && pwd)
export SLURM_CONF="$dir/slurm.conf" PATH="$PATH:/usr/sbin"
port=${SLURM_PORT:-$((20000 + $$ % 40 * 300))}
nodes="n1 n2"

write_conf() {
  user=$(id -un) host=$(hostname -s)
  cat >"$SLURM_CONF" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket
CredType=cred/munge
SlurmctldPort=$port
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd-%n.pid
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
TaskProlog=$dir/task-prolog
TmpFS=$dir/tmp/%n
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/filetxt
JobCompLoc=$dir/log/jobcomp.log
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=10000
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout=30
InactiveLimit=0
KillWait=60
MinJobAge=300
Waittime=0
MpiParams=ports=$((port + 100))-$((port + 199))
SrunPortRange=$((port + 200))-$((port + 299))
NodeName=n[1-2] NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)),$((port + 2)) CPUs=1 Boards=1 SocketsPerBoard=1 CoresPerSocket=1 ThreadsPerCore=1 RealMemory=2000 State=UNKNOWN
PartitionName=debug Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
END
}

# What it prints goes into the environment of each task. Both nodes are this machine, to which the
# kernel goes through lo; Open MPI 5 asks it, and finds no way through the interfaces that it takes by
# itself (opal/mca/reachable/netlink).
write_task_prolog() {
  printf '#!/bin/sh\necho export OMPI_MCA_btl_tcp_if_include=lo\n' >"$dir/task-prolog"
  chmod 755 "$dir/task-prolog"
}

# Since Slurm 23, slurmd does not start without cgroups unless it is told to.
disable_cgroups() {
  case $(slurmd -V) in
    *" "2[0-2].*) ;;
    *) echo CgroupPlugin=disabled >"$dir/cgroup.conf" ;;
  esac
}

give_up() {
  echo "Slurm did not come up; its logs:" >&2
  tail -n 5 "$dir"/log/*.log >&2 || :
  stop
}

start() {
  trap give_up EXIT
  mkdir -p "$dir/state" "$dir/spool" "$dir/log" "$dir/munge"
  chmod 755 "$dir" "$dir/munge"
  (umask 077 && head -c 1024 /dev/urandom >"$dir/munge.key")
  write_conf
  write_task_prolog
  disable_cgroups
  munged --key-file="$dir/munge.key" --socket="$dir/munge/socket" --pid-file="$dir/munge/munged.pid" \
    --log-file="$dir/munge/munged.log" --seed-file="$dir/munge/munged.seed" --num-threads=2 --force
  slurmctld -f "$SLURM_CONF"
  for node in $nodes; do
    mkdir -p "$dir/spool/$node" "$dir/tmp/$node"
    chmod 1777 "$dir/tmp/$node"
    slurmd -f "$SLURM_CONF" -N "$node"
  done
  for _ in $(seq 6000); do
    if sinfo -h -o %T 2>/dev/null | grep -qx idle; then
      trap - EXIT
      return
    fi
    sleep 0.05
  done
  exit 1
}

# end PID: and waits, because it writes to the folder until then.
end() {
  kill -TERM "$1" 2>/dev/null || return 0
  for _ in $(seq 600); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null || :
}

stop() {
  scancel -f --user="$(id -un)" 2>/dev/null || :
  for _ in $(seq 600); do
    [ -z "$(squeue -h -t R,CG 2>/dev/null)" ] && break
    sleep 0.1
  done
  for file in "$dir"/slurmd-*.pid "$dir/slurmctld.pid" "$dir/munge/munged.pid"; do
    [ -f "$file" ] && end "$(cat "$file")" || :
  done
}

case $command in
  start) start ;;
  stop) stop ;;
  *) echo "usage: cluster.sh start|stop DIR" >&2; exit 2 ;;
esac
