# An upload that a server took and never answers: a second signal ends it. What was trained stays where
# it is, and the line says where; what else was in the temporary folder goes.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
. "$DLA_SRCDIR/tests/cli/signals_fixture.sh"
export TMPDIR=$PWD/tmp HOME=$PWD
mkdir tmp
folder run
python3 -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True:
    client = server.accept()[0]
    client.recv(1)
    open("taken", "w").close()
    taken = client' >port 2>server.err &
server=$!
trap 'kill $server' EXIT
until [ -s port ]; do sleep 0.02; done
url=http://127.0.0.1:$(cat port)/put
sed '/^output/d; /^checkpoint/d' c.yaml >staged.yaml

begin staged.yaml "output.http.url=$url"
until_true test -e taken
send TERM INT
ends train
kept=$(sed -n 's/^dla-train: kept: //p' err)
"$DLA_TRAIN" inspect "$kept/output/checkpoint.safetensors" >inspect || exit 1
ls -A "$kept"
ls -A "$kept/output"
rm -r "$kept" taken

# By hand, the first is enough; nothing is to be saved.
begin stage put c.yaml "$url"
until_true test -e taken
send TERM
ends stage
ls -A ../tmp
{ kill $server; wait $server; } 2>/dev/null
trap - EXIT
