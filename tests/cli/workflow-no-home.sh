# Without a home, or with one that cannot be written to, what a workflow keeps between jobs goes into the user's own
# folder in /tmp, and one warning says so; none where HOME is such a place, or where the variable for it is set.
export TMPDIR=$PWD/tmp
unset DEEPSQUARE_TMP DEEPSQUARE_SHARED_TMP DEEPSQUARE_SHARED_WORLD_TMP DEEPSQUARE_DISK_TMP DEEPSQUARE_DISK_WORLD_TMP XDG_CACHE_HOME SLURM_TMPDIR
mkdir tmp
cat >w.yaml <<'END'
resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpus: 0}
steps:
  - name: says
    run: {command: 'echo "$DEEPSQUARE_TMP"'}
END
# run WHAT VARIABLE=VALUE ...
run() {
  what=$1
  shift
  env "$@" "$DLA_TRAIN" run w.yaml >out 2>err
  echo "$what: status $?, $(cat out err | grep -c 'warning: HOME') warnings"
}
run 'no folder' HOME="$PWD/missing"
cat out err | grep -o 'warning: HOME.*' | sed "s/-$(id -u)/-UID/"
[ -e missing ] && echo "it was made"
run 'no variable' -u HOME
# A folder of /proc is one that root cannot write to, either.
run 'not writable' HOME=/proc/self
run 'given' HOME="$PWD/missing" XDG_CACHE_HOME="$PWD/given"
run 'some given' HOME="$PWD/missing" DEEPSQUARE_TMP="$PWD/given" DEEPSQUARE_SHARED_TMP="$PWD/given"
run 'a home' HOME="$PWD"
run '/tmp' HOME=/tmp
# Nobody's, and so this test leaves no empty ones.
stat -c '%a' "/tmp/dla-train-$(id -u)"
find "/tmp/dla-train-$(id -u)" -depth -type d -empty -delete 2>/dev/null
exit 0
