# Runs are shown on loopback while they go on: pages, what they have not changed since, other hosts' names, paths
# that are none, a client that says nothing, and the end by a signal.
for run in a b; do
  /usr/bin/python3 "$DLA_SRCDIR/tests/cli/report_runs.py" "runs/$run" 2 2 || exit 1
done
echo secret >outside
ln -s "$PWD" runs/link
mkfifo said
"$DLA_TRAIN" report --serve runs --port=0 >said 2>err &
server=$!
read -r address <said
host=${address#http://}
host=${host%/}
get() {
  curl -s -o page -w '%{http_code}\n' --path-as-is "$@"
}
get "$address" && PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$DLA_SRCDIR/tests/cli/report_check.py" page
get "${address}run/a" && grep -o '^<title>.*</title>' page && grep -o '<body data-live>' page
tag=$(curl -sI "${address}run/a" | tr -d '\r' | sed -n 's/^ETag: //p')
get -H "If-None-Match: $tag" "${address}run/a"
echo '{"type":"epoch","epoch":3,"step":6,"test_accuracy":0.5}' >>runs/a/metrics.jsonl
get -H "If-None-Match: $tag" "${address}run/a" && grep -o '3 of 2' page
mkdir runs/c && cp runs/a/metrics.jsonl runs/c/
get "${address}run/c"
for path in run/ run/d run/../outside run/%2e%2e/outside run/link/runs/a outside run/a/metrics.jsonl run/a%00; do
  echo "$path: $(get "$address$path")"
done
for name in localhost:${host#*:} evil.example "evil.example:${host#*:}" 127.0.0.1.evil.example ""; do
  echo "Host: $(echo "$name" | sed 's/:.*//'): $(get -H "Host: $name" "$address")"
done
get -X POST "$address"
head -c 10000 /dev/zero | tr '\0' a | get --data-binary @- -X GET -H "X: $(head -c 9000 /dev/zero | tr '\0' a)" "$address"
kill -TERM "$server"
wait "$server"
echo "status $?"
cat err
