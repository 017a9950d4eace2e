# log.tensorboard and log.csv: an independent reader finds the numbers of metrics.jsonl, also in a run that went on.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
python=/usr/bin/python3
"$python" -c 'import google.protobuf, PIL' 2>/dev/null || { echo "python3-protobuf or python3-pil is missing" >&2; exit 77; }
folder run
train() {
  "$DLA_TRAIN" c.yaml train.threads=1 log.tensorboard=true log.csv=true "$@" >out 2>&1 || { cat out; exit 1; }
}
train train.max_steps=10
sleep 1.1 # a file's name has the second
train train.max_steps=0
"$python" -B "$DLA_SRCDIR/tests/cli/read_events.py" . >told || exit
grep -vE '(loss|accuracy) |^(7|10|14) ' told

# Every number of metrics.jsonl is in the events, as a float.
jq -r 'if .type == "step" then "\(.step) step/loss \(.loss)" else
  "\(.step) epoch/test_loss \(.test_loss)", "\(.step) epoch/test_accuracy \(.test_accuracy)",
  "\(.step) epoch/train_loss \(.train_loss)" end' metrics.jsonl >wanted
while read -r step tag value; do
  awk -v s="$step" -v t="$tag" -v v="$value" '
    $1 == s && $2 == t && ($3 - v) ^ 2 <= (1e-6 * v) ^ 2 { found = 1 } END { exit !found }' told ||
    echo "not in the events: $step $tag $value"
done <wanted
wc -l <wanted
# The table has the epochs' numbers, each once.
head -n 1 metrics.csv
jq -r 'select(.type == "epoch") | "\(.epoch),\(.step)"' metrics.jsonl >epochs
tail -n +2 metrics.csv | cut -d, -f 1,2 | diff - epochs
