# dla-train doctor asks the servers of a config once: what they answer, how far their clock is away; and tells
# no secret.
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY AWS_PROFILE AWS_SESSION_TOKEN
export HOME="$PWD" TMPDIR="$PWD" PATH=/usr/bin:/bin
cat >server.py <<'END'
import datetime, http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def date_time_string(self, timestamp=None):
        away = datetime.timedelta(seconds=-1200 if "late" in self.path else 0)
        return (datetime.datetime.utcnow() + away).strftime("%a, %d %b %Y %H:%M:%S GMT")
    def answer(self, code, body=b""):
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
    def do_HEAD(self):
        self.answer(404 if "gone" in self.path else 200)
    def do_GET(self):
        if "denied" in self.path:
            self.answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        else:
            self.answer(200, b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
    def log_message(self, *_):
        print(self.command, self.path.split("?")[0], file=open("requests", "a"))
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], file=open("port.tmp", "w"), flush=True)
import os
os.rename("port.tmp", "port")
server.serve_forever()
END
python3 -W ignore server.py >server.log 2>&1 &
server=$!
trap 'kill $server' EXIT
while [ ! -f port ]; do
  kill -0 $server 2>/dev/null || { cat server.log; exit 99; }
  sleep 0.05
done
here=127.0.0.1:$(cat port)
doctor() {
  echo "== $*" | sed 's/127[0-9.:]*/HERE/'
  "$DLA_TRAIN" doctor "$@" >out 2>err
  echo "status $?"
  grep -E '^[a-z]+ +(input|output|clock)  ' out | tr -s ' ' |
    sed 's/127[0-9.:]*/HERE/; s/: Failed to connect.*/: no answer/; s/in [0-9.]* s/in N s/; s/20 min 0[0-9] s/20 min/; s/within [12] s/within N s/'
  cat out err | grep -E 'SECRET|PASSWORD|token'
}
doctor input.http.url="http://user:PASSWORD@$here/a.tar?token=x"
doctor input.http.url="http://$here/gone"
doctor output.http.url="http://$here/gone"
doctor input.http.url="http://$here/late"
s3="accessKeyId: KEY, secretAccessKey: SECRET, endpointUrl: 'http://$here'"
printf '%s\n' "input: {s3: {bucketUrl: s3://late, $s3}}" "output: {s3: {bucketUrl: s3://denied, $s3}}" >s3.yaml
chmod 600 s3.yaml
doctor s3.yaml
printf '%s\n' "input: {s3: {bucketUrl: s3://denied, $s3}}" >denied.yaml
chmod 600 denied.yaml
doctor denied.yaml
# Nobody answers.
kill $server; wait $server 2>/dev/null
trap - EXIT
doctor input.http.url="http://$here/a"
cat requests
