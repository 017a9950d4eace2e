# dla-train data of data sets that are no folders of pictures: what training would take is shown, from a
# folder, from an archive, and beside pictures; what is wrong with their files is said.
python3 - <<'END' || exit 99
import os, struct
os.makedirs("idx")
for split, count in (("train", 6), ("t10k", 3)):
    with open(f"idx/{split}-images-idx3-ubyte", "wb") as out:
        out.write(struct.pack(">4I", 0x803, count, 5, 4) + bytes(range(count * 20)))
    with open(f"idx/{split}-labels-idx1-ubyte", "wb") as out:
        out.write(struct.pack(">2I", 0x801, count) + bytes(i % 3 for i in range(count)))
os.makedirs("cifar/cifar-10-batches-bin")
for name in ["data_batch_%d" % i for i in range(1, 6)] + ["test_batch"]:
    with open(f"cifar/cifar-10-batches-bin/{name}.bin", "wb") as out:
        out.write(b"\0" + bytes(3072) + b"\x09" + bytes(3072))
END
data() {
  echo "== $*"
  "$DLA_TRAIN" data "$@" 2>err
  status=$?
  [ $status = 0 ] || echo "status $status: $(sed 's/dla-train: //' err)"
}
data idx
data idx --json
data idx dataset.train_limit=2 | tail -n 2
tar czf idx.tar.gz idx && data idx.tar.gz | head -n 2
data cifar | tail -n 2
# Beside pictures it comes first, as in training. Those alone are looked at.
if "$DLA_TRAIN" --version | grep -q 'pictures: .*PNG'; then
  python3 "$DLA_SRCDIR/tests/cli/make_pictures.py" photos a=3 b=3 || exit 99
  mkdir both && cp -r idx/* photos/* both/
  "$DLA_TRAIN" data both | head -n 1 | grep -q '^IDX' || exit 1
  "$DLA_TRAIN" data photos | head -n 1 | grep -qx '6 pictures of 2 classes, to train and to test with:' || exit 2
fi
# What is damaged is not called a folder without pictures.
cp -r idx cut && truncate -s 50 cut/train-images-idx3-ubyte
data cut
cp -r idx lacks && rm lacks/t10k-labels-idx1-ubyte
data lacks
mkdir several && cp -r idx several/one && cp -r idx several/two
data several
mkdir empty
data empty
mkdir texts && echo text >texts/a.txt
data texts
echo text >notes.txt
data notes.txt
data pack idx new.tar
exit 0
