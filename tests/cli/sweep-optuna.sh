# examples/optuna_sweep.py, where Optuna is installed: a study that is stopped goes on where it was.
/usr/bin/python3 -c 'import optuna' 2>/dev/null || { echo "Optuna is missing: install python3-optuna" >&2; exit 77; }
. "$DLA_SRCDIR/tests/cli/sweep_fixture.sh"
sweep_folder s 4
export DLA_TRAIN PYTHONDONTWRITEBYTECODE=1
example=$DLA_SRCDIR/examples/optuna_sweep.py
study() {
  /usr/bin/python3 "$example" base.yaml study --epochs 4 --step 2 --trials "$1" 2>err || { cat err; exit 1; }
}
study 2 >out
/usr/bin/python3 - <<'END'
import json

assert set(json.load(open("out"))) == {"best", "value", "parameters"}
END
ls -d study/lr=* | wc -l
ls -i study/lr=*/checkpoint.safetensors >before
study 3 >out
ls -d study/lr=* | wc -l
# shellcheck disable=SC2046
ls -i $(sed 's/^ *[0-9]* //' before) | cmp - before
# A signal to the group: the training, which has no end of its own, saves; and the command goes on with it.
# long EPOCHS
long() {
  set -- base.yaml stopped --epochs "$1" --step "$1" --trials 1
  exec setsid -w /usr/bin/python3 "$example" "$@" >out 2>err
}
long 1000000 &
pid=$!
until [ "$(cat stopped/*/metrics.jsonl 2>/dev/null | wc -l)" -gt 20 ]; do
  kill -0 $pid 2>/dev/null || { echo "it ended by itself"; cat err; exit 1; }
  sleep 0.02
done
kill -s TERM -- -$pid
wait $pid
echo "status $?"
begun=$(cat stopped/*/metrics.jsonl | grep -c '"epoch",')
(long $((begun + 3))) || { cat err; exit 1; }
ls -d stopped/lr=* | wc -l
grep -c '^starting from' stopped/*/log.txt
