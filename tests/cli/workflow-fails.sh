# A step that fails: catch, finally, its last lines, its status; later steps do not run.
export TMPDIR=$PWD HOME=$PWD
unset XDG_CACHE_HOME
R='resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpus: 0}'
try() {
  printf '%s\n' "$R" "$@" >w.yaml
  "$DLA_TRAIN" run w.yaml
  echo "status $?"
}
try 'steps:' '  - name: a' '    run: {command: "seq 12; printf end; exit 5"}' \
  '    catch: [{run: {command: "echo catch; exit 6"}}]' '    finally: [{run: {command: echo finally}}]' \
  '  - run: {command: echo never}' 2>&1
try 'steps: [{run: {command: "kill -9 $$"}}]' 2>&1
try 'steps: [{name: f, run: {command: "true"}, finally: [{run: {command: exit 4}}]}]' 2>&1
try 'steps: [{name: c, if: "${NO_SUCH?}", run: {command: echo never}}]' 2>&1 | grep -v '^dla-train:   \|bash: '
try 'steps: [{name: s, run: {command: "true", workDir: /proc/self/fd}}]' 2>&1
try 'steps: [{name: p, for: {parallel: true, items: [1, 2], steps: [{run: {command: "exit $item"}}]}}]' 2>/dev/null
try 'steps: [{name: big, run: {command: "head -c 300000000 /dev/zero | tail -c 1 | wc -c"}}]' 2>&1
try 'steps: [{name: big, run: {resources: {memPerCpu: 20}, command: "python3 -c \"import time; x = bytearray(80 << 20); time.sleep(60)\""}}]' 2>&1
try 'steps:' '  - name: t' '    train:' '      dataset: {path: x}' '      model: {graph: $NO_SUCH}' 2>&1
ls -A
