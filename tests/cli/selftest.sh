# dla-train selftest: each instruction set of the machine computes as it should; a library that is missing is
# told; wrong usage is one line.
unset DLA_MAX_CPU_ISA
export TMPDIR="$PWD"
"$DLA_TRAIN" selftest --json >all 2>err || cat all err
python3 - <<'END'
import json
lines = [json.loads(line) for line in open("all")]
last = lines.pop()
print(last["verdict"], last["bad"], last["instruction_sets"] == len({l["check"].split()[0] for l in lines}))
print({l["verdict"] for l in lines}, len(lines) // last["instruction_sets"] >= 5)
END
ls -A | grep -v '^all$\|^err$' # nothing is left
export DLA_MAX_CPU_ISA=generic
if "$DLA_TRAIN" --version | grep -q openblas; then
  mkdir lib && : >lib/libopenblas.so.0
  LD_LIBRARY_PATH=lib "$DLA_TRAIN" selftest >out 2>&1 || cat out
  grep -q '^good  *generic openblas  *left out: ' out || cat out
  LD_LIBRARY_PATH=lib "$DLA_TRAIN" selftest --backend=openblas >out 2>&1 && cat out
fi
"$DLA_TRAIN" selftest --backend=cuda
echo "status $?"
"$DLA_TRAIN" selftest all
echo "status $?"
TMPDIR=/nowhere "$DLA_TRAIN" selftest
echo "status $?"
