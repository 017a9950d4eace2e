# What a process inherits changes nothing of what it writes, or is told in one line.
. "$DLA_SRCDIR/tests/cli/sweep_fixture.sh"
here=$PWD
folder plain
"$DLA_TRAIN" c.yaml >out 2>err || exit 1
cd "$here" || exit 99

# try NAME COMMAND ...: trains in a folder NAME; the same bytes come out.
try() {
  name=$1
  shift
  folder "$name"
  "$@" >out 2>err </dev/null || { echo "$name: status $?"; cat err; }
  cd "$here" && same plain "$name"
}
closed_error() { "$DLA_TRAIN" c.yaml 2>&-; }
closed_input() { "$DLA_TRAIN" c.yaml <&-; }
closed_output() { # the result cannot be told, which is an error; what was trained is there
  "$DLA_TRAIN" c.yaml >&-
  [ $? = 1 ] && grep -q 'standard output: cannot write: Bad file descriptor' err
}
all_closed() {
  "$DLA_TRAIN" c.yaml <&- >&- 2>&-
  [ $? = 1 ]
}
masked() { (umask "$1" && exec "$DLA_TRAIN" c.yaml); }
limited() { # limited NAME VALUE: as a soft limit, and where $hard is set as a hard one
  python3 -c '
import os, resource, sys
limit = getattr(resource, sys.argv[1])
value = int(sys.argv[2])
os.closerange(3, 256)  # of whoever runs the tests
resource.setrlimit(limit, (value, value if os.environ.get("hard") else resource.getrlimit(limit)[1]))
os.execv(sys.argv[3], sys.argv[3:])' "$@" "$DLA_TRAIN" c.yaml
}
hard_limited() { hard=yes limited "$@"; }
large_environment() { # no more than 6 MB go through execve() of Linux
  python3 -c '
import os, resource, sys
resource.setrlimit(resource.RLIMIT_STACK, (resource.getrlimit(resource.RLIMIT_STACK)[1],) * 2)
most = min(resource.getrlimit(resource.RLIMIT_STACK)[0] % 2**62 // 4, 5500000)
for i in range(most // 125000):
    os.environ[f"LARGE_{i}"] = 120000 * "x"
os.execv(sys.argv[1], sys.argv[1:])' "$DLA_TRAIN" c.yaml
}
gone_folder() {
  sed "s,graph: net.yaml,graph: $PWD/net.yaml,; s,dir: [.],dir: $PWD,; s,out: ,out: $PWD/," c.yaml >absolute.yaml
  config=$PWD/absolute.yaml
  (mkdir gone && cd gone && rmdir ../gone && exec "$DLA_TRAIN" "$config" --json)
}
try stderr closed_error
try stdin closed_input
try stdout closed_output
try nothing all_closed
try umask-all masked 0777
try umask-none masked 0
try locale env LC_ALL=de_DE.UTF-8 LC_NUMERIC=de_DE.UTF-8 "$DLA_TRAIN" c.yaml
try locale-missing env LC_ALL=xx_XX "$DLA_TRAIN" c.yaml
try files limited RLIMIT_NOFILE 4
try core hard_limited RLIMIT_CORE 0
try home env -u HOME "$DLA_TRAIN" c.yaml
try no-variables env -i "$DLA_TRAIN" c.yaml
try large-environment large_environment
folder gone
gone_folder >out 2>err </dev/null || { echo "gone: status $?"; cat err; }
cd "$here" || exit 99
values plain/metrics.jsonl >plain.values
values gone/metrics.jsonl | cmp - plain.values

# Too few files, or too small ones: one line, and nothing half-done is left.
folder few
hard_limited RLIMIT_NOFILE 4 >out 2>err
echo "few files: status $?, $(grep -c 'Too many open files' err) line"
rm -f metrics.jsonl ckpt.*
hard_limited RLIMIT_FSIZE 2048 >out 2>err
echo "small files: status $?, $(grep -c 'error: .*File too large' err) line"
ls -A | grep -e tmp -e .dla-
cd "$here" || exit 99

# A sweep's trials inherit from it; each has its output in its own log.
sweep_folder sweep 1
cat >s.yaml <<END
base: base.yaml
parameters: {optimizer.lr: [0.1]}
output: {dir: out.d}
END
"$DLA_TRAIN" sweep s.yaml <&- >&- 2>&-
grep -c '^{"type":' out.d/lr=0.1/metrics.jsonl
grep -c -v '^{"type":' out.d/lr=0.1/metrics.jsonl
grep -c '^planned memory' out.d/lr=0.1/log.txt
# What the umask lets others read is the user's choice, what the program adds for itself is not.
ls -l "$here/umask-all/metrics.jsonl" "$here/umask-none/metrics.jsonl" | cut -c1-10
