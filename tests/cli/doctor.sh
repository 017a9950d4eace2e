# dla-train doctor: every line has a verdict, what is bad is status 1, and wrong usage 2.
unset DLA_MAX_CPU_ISA OMP_NUM_THREADS OMP_THREAD_LIMIT SLURM_CPUS_PER_TASK SLURM_JOB_ID
export TMPDIR="$PWD" XDG_CACHE_HOME="$PWD"
PATH=$PWD/bin:/usr/bin:/bin
mkdir bin
cat >bin/apptainer <<'END'
#!/bin/sh
echo "apptainer version 1.2.3"
END
chmod +x bin/apptainer
doctor() {
  echo "== $*"
  "$DLA_TRAIN" doctor "$@" >out 2>err
  echo "status $?"
  sed 's/^dla-train: //; s/[0-9]* checks* [a-z]* bad$/something is bad/' err
}
# lines CHECK ...: those of the last call whose words depend on no machine.
lines() {
  for check in "$@"; do
    grep -E "^[a-z]+ +$check  " out | tr -s ' '
  done
}
# Another machine may be busy or lack something, which is told, but nothing is bad.
doctor
lines 'container engine' clock | grep -v -i docker
grep -qvE '^(good|warning) |^[0-9]+ good, [0-9]+ to look at, 0 bad$' out && cat out
for check in processor 'instruction set' processors load threads memory pictures 'output folder' 'cache folder' \
  'temporary folder' Slurm MPI; do
  grep -qE "^(good|warning) +$check  " out || echo "nothing of $check"
done
doctor dataset.path=nowhere model.pretrained=bin checkpoint.in=auto
lines dataset.path model.pretrained checkpoint.in
doctor 'dataset.path=$DEEPSQUARE_INPUT/x' 'output.dir=$DEEPSQUARE_OUTPUT'
grep -c 'output folder\|dataset.path' out
DLA_MAX_CPU_ISA=mmx doctor
lines 'instruction set' | sed 's/here: .*(/here (/'
OMP_THREAD_LIMIT=1 doctor train.threads=2
lines threads
touch file
doctor output.dir=file/run
lines 'output folder'
doctor train.epochs=0
doctor --nothing
# As JSON, also of what is bad.
"$DLA_TRAIN" doctor --json dataset.path=nowhere >out.json 2>/dev/null
echo "status $?"
python3 - <<'END'
import json
answer = json.load(open("out.json"))
print(answer["verdict"], sorted({f["verdict"] for f in answer["findings"]} - {"warning"}))
print([f for f in answer["findings"] if f["check"] == "dataset.path"])
END
exit 0
