# dla-train new: for each kind of data a config that trains as it stands; nothing is overwritten.
. "$DLA_SRCDIR/tests/cli/pictures_fixture.sh"
export PATH="$PATH:$(dirname "$DLA_TRAIN")"
new() {
  echo "== $*"
  "$DLA_TRAIN" new "$@" 2>err | sed 's/^  dla-train \(.*\)$/COMMAND \1/'
  sed 's/^dla-train: //' err
}
make_pictures "my pictures" a=4 b=4 size=20
new first --data="my pictures"
head -n 2 first/config.yaml
# Each line of it says what it is for.
grep -vE '^(#.*|[a-z]+:|  (path|dir): .*|)$' first/config.yaml | grep -v ' # '
"$DLA_TRAIN" first/config.yaml model.width=0.05 train.max_steps=2 log.progress=never >out 2>err || cat err
ls first first/run
cp first/config.yaml kept
new first --data="my pictures"
cmp kept first/config.yaml
# Where nothing says where the data is: in the folder itself, or here.
mkdir idx
python3 - <<'END'
import struct
for split, count in (("train", 40), ("t10k", 8)):
    with open(f"idx/{split}-images-idx3-ubyte", "wb") as out:
        out.write(struct.pack(">4I", 0x803, count, 28, 28) + bytes(i % 251 for i in range(count * 784)))
    with open(f"idx/{split}-labels-idx1-ubyte", "wb") as out:
        out.write(struct.pack(">2I", 0x801, count) + bytes(i % 3 for i in range(count)))
END
new idx
(cd idx && "$DLA_TRAIN" config.yaml model.width=0.05 train.max_steps=2 log.progress=never >out 2>err || cat err)
tar cf pictures.tar "my pictures"
new from-tar --data=pictures.tar
grep -c "pictures.tar\"$" from-tar/config.yaml
mkdir empty
(cd empty && new run)
new run --data=nowhere
new
new a b
ls
