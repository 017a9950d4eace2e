# Sourced by the tests of signals. A shell starts what is in the background with SIGINT ignored, and
# nohup with SIGHUP, which is not meant here.

# begin ARGUMENT ...: starts dla-train in the background, as $pid; leaves out and err.
begin() {
  rm -f out err # of the run before
  env --default-signal=INT,HUP "$DLA_TRAIN" "$@" >out 2>err &
  pid=$!
}

# until_true COMMAND ...: waits for it while $pid runs.
until_true() {
  until "$@" >/dev/null 2>&1; do
    kill -0 $pid 2>/dev/null || { echo "it ended too early: $*"; cat err; exit 1; }
    sleep 0.02
  done
}

# heard: the program has taken all signals that were sent.
heard() {
  grep -q '^ShdPnd:[^1-9a-f]*$' "/proc/$pid/status"
}

# send SIGNAL ...: one after the other, each when the one before was heard. The same one a moment later
# would be an echo (src/cli/signals.c).
send() {
  while [ $# -gt 1 ]; do
    kill -s "$1" $pid
    until_true heard
    sleep 0.1
    shift
  done
  kill -s "$1" $pid
}

# ends WHAT: waits for its end and tells the status.
ends() {
  { wait $pid; } 2>/dev/null
  echo "$1: status $?"
}
