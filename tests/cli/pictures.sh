# A folder of pictures: what is shown of it, trained on, left out, replaced, packed and cached.
. "$DLA_SRCDIR/tests/cli/pictures_fixture.sh"
make_pictures photos/train class2=9 class10=9
make_pictures photos/val class2=3 class10=3
printf GIF89a >photos/train/class2/moving.jpg
head -c 100 photos/train/class10/1.png >photos/train/class10/half.png
common="model.graph=net.yaml model.image_size=16 train.batch_size=6 train.test_batch_size=6 schedule.t_max=2 train.threads=1 augment.hue=0.1 augment.rotation=10 augment.random_erase=0.5"
train() {
  # shellcheck disable=SC2086
  "$DLA_TRAIN" $common "$@"
}
expect() {
  cat "$1" >&2
  exit "$2"
}
losses() {
  grep '"type":"step"' "$1/metrics.jsonl" | sed 's/,"images_per_second.*//'
}

# What would be trained on.
"$DLA_TRAIN" data photos >data.txt || exit 2
tr -s ' ' <data.txt | grep -qx ' class2 9 3' || expect data.txt 3
[ "$(sed -n 2p data.txt | tr -d ' ')" = class293 ] || expect data.txt 4   # 2 before 10
grep -q 'moving.jpg: it is a GIF, which is not read' data.txt || expect data.txt 5
"$DLA_TRAIN" data photos --json | python3 -c 'import json,sys
d = json.load(sys.stdin)
assert d["train"] == 18 and d["val"] == 6 and len(d["left_out"]) == 2, d' || exit 6

# Trained on, in one go and in two; with one worker or three; from the folder and from a pack.
train dataset.path=photos train.epochs=2 output.dir=whole >whole.txt 2>whole.err || expect whole.err 10
grep -q '^warning: 2 files are left out; all are in whole/left-out.txt$' whole.err || expect whole.err 11
[ "$(wc -l <whole/left-out.txt)" = 2 ] || expect whole/left-out.txt 12
grep -q 'half.png: the PNG is cut short (get it again)' whole/left-out.txt || expect whole/left-out.txt 13
grep -q '^  class10 .* of 3$' whole.txt || expect whole.txt 14
train dataset.path=photos train.epochs=2 train.max_steps=2 output.dir=parts >parts.txt 2>parts.err || expect parts.err 15
train dataset.path=photos train.epochs=2 train.max_steps=0 dataset.workers=3 output.dir=parts checkpoint.in=auto >parts.txt 2>parts.err ||
  expect parts.err 16
[ "$(losses whole)" = "$(losses parts)" ] || exit 17
"$DLA_TRAIN" data pack photos photos.tar >pack.txt || exit 18
grep -q '^photos.tar: 24 pictures' pack.txt || expect pack.txt 19
train dataset.path=photos.tar train.epochs=2 output.dir=packed >packed.txt 2>packed.err || expect packed.err 20
[ "$(losses whole)" = "$(losses packed)" ] || exit 21
[ ! -e packed/left-out.txt ] || exit 22

# A cache on disk is made once, and the same pictures as without: they are no larger than it keeps.
for time in first second; do
  train dataset.path=photos dataset.cache=disk dataset.cache_path=here/cache train.epochs=2 output.dir=$time >cache.txt 2>cache.err ||
    expect cache.err 25
  [ "$(losses whole)" = "$(losses $time)" ] || exit 26
  ls -i here >"$time.inode"
done
cmp first.inode second.inode || exit 27
# A file of the cache's size and time is not even opened; one of another time is read again.
file=photos/train/class2/2.png
cp -p "$file" kept && head -c "$(stat -c %s "$file")" /dev/zero >"$file" && touch -r kept "$file" || exit 99
train dataset.path=photos dataset.cache=disk dataset.cache_path=here/cache train.epochs=2 output.dir=third >cache.txt 2>cache.err ||
  expect cache.err 45
[ "$(losses whole)" = "$(losses third)" ] || exit 46
touch "$file"
train dataset.path=photos dataset.cache=disk dataset.cache_path=here/cache train.max_steps=1 output.dir=fourth >cache.txt 2>cache.err
grep -q "2.png: it is no picture" fourth/left-out.txt || expect fourth/left-out.txt 47
cp -p kept "$file"
# Where it has no room it is told, and nothing is left half-written.
(ulimit -f 8 && train dataset.path=photos dataset.cache=disk dataset.cache_path=full/cache output.dir=full-out 2>full.err)
[ $? = 1 ] || expect full.err 28
grep -q 'the cache of pictures needs .* MB\|write the cache of pictures' full.err || expect full.err 29
[ -z "$(ls full)" ] || exit 30

# Strict: an error that names the first.
train dataset.path=photos dataset.strict=true output.dir=strict 2>strict.err
[ $? = 2 ] || expect strict.err 31
grep -q 'half.png: the PNG is cut short (2 such files; dataset.strict is set)' strict.err || expect strict.err 32

# No split: a fifth of each class; the same again; two places; a CSV.
make_pictures flat cat=20 dog=20 size=12
train dataset.path=flat train.epochs=1 output.dir=flat-out >flat.txt 2>flat.err || expect flat.err 35
grep -q '^no split in it: 20 % of each class test' flat.err || expect flat.err 36
grep -q '^warning: 40 of 40 pictures are smaller than 16 pixels' flat.err || expect flat.err 37
train dataset.train=photos/train dataset.val=photos/val train.epochs=2 output.dir=two >two.txt 2>two.err || expect two.err 38
[ "$(losses whole)" = "$(losses two)" ] || exit 39
train dataset.path=flat dataset.train=flat 2>both.err
[ $? = 2 ] || expect both.err 40
(echo path,label; for i in 1 2 3 4 5 6 7 8; do echo "flat/cat/$i.png,tom"; echo "flat/dog/$i.png,rex"; done) >list.csv
train dataset.path=list.csv train.epochs=1 output.dir=csv >csv.txt 2>csv.err || expect csv.err 41
grep -q '^  tom .* of ' csv.txt || expect csv.txt 42

# What turns out broken later is replaced, told once, and counted.
python3 - <<'END'
bytes = bytearray(open("photos/train/class2/3.png", "rb").read())
bytes[60:-20] = b"x" * len(bytes[60:-20])
open("photos/train/class2/3.png", "wb").write(bytes)
END
train dataset.path=photos train.epochs=2 output.dir=broken >broken.txt 2>broken.err || expect broken.err 45
[ "$(grep -c '3.png: the PNG is not right: .*; another picture stands in for it' broken.err)" = 1 ] || expect broken.err 46
[ "$(grep -c '"replaced_pictures":1' broken/metrics.jsonl)" = 2 ] || expect broken/metrics.jsonl 47

# RandomResizedCrop and the like are for other data sets, too; what goes in pairs is checked.
train dataset.path=photos augment.scale_min=0.9 augment.scale_max=0.5 2>pair.err
[ $? = 2 ] || expect pair.err 50
grep -q 'augment.scale_min: 0.9 is above augment.scale_max: 0.5' pair.err || expect pair.err 51
"$DLA_TRAIN" data pack photos photos.tgz 2>name.err
[ $? = 2 ] || expect name.err 52
mkdir empty
"$DLA_TRAIN" data empty 2>empty.err
[ $? = 2 ] || expect empty.err 53
echo ok
