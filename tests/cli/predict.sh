# predict and eval need nothing but the checkpoint: the same answers from both, in every form; what cannot be
# read is told and stops nothing.
. "$DLA_SRCDIR/tests/cli/pictures_fixture.sh"
make_pictures photos/train class2=9 class10=9
make_pictures photos/val class2=3 class10=4
"$DLA_TRAIN" model.graph=net.yaml model.image_size=16 train.batch_size=6 train.epochs=2 schedule.t_max=2 train.threads=1 \
  augment.normalize=dataset dataset.path=photos output.dir=out >train.txt 2>train.err || { cat train.err; exit 1; }
# The layer graph is in the checkpoint, and so is what the data set was normalised with.
mkdir -p elsewhere && mv net.yaml elsewhere/ && mv photos/train elsewhere/
checkpoint=out/checkpoint.safetensors
predict() {
  "$DLA_TRAIN" predict "$@" 2>err
  status=$?
  [ $status = 0 ] || echo "status $status: $(sed 's/dla-train: //' err | tr '\n' ';')"
}
predict $checkpoint photos/val | sed 's/ [0-9.]* %$//' >text
predict photos 2>&1 | grep -c 'takes a checkpoint and pictures'
"$DLA_TRAIN" eval $checkpoint photos/val 2>err | head -n 1 >eval.txt || { cat err; exit 2; }
right=$(awk -F'[/:]' '{gsub(" ", "", $5); n += $3 == $5} END {print n}' text)
grep -q "($right of 7)" eval.txt || { cat text eval.txt; exit 3; }
[ "$("$DLA_TRAIN" eval $checkpoint photos 2>/dev/null | head -n 1)" = "$(cat eval.txt)" ] || exit 4
# Files, names on standard input, an archive: the same.
predict $checkpoint photos/val/class2/*.png photos/val/class10/*.png | sed 's/ [0-9.]* %$//' | sort | cmp - text || sort text
find photos/val -name '*.png' | predict $checkpoint - | sed 's/ [0-9.]* %$//' | sort >names
sort text | cmp - names || exit 5
tar cf photos.tar photos && predict $checkpoint photos.tar | sed 's/.*: \(.*\):\( class[0-9]*\) .*/\1:\2/' | sort >archive
sort text | cmp - archive || cat archive
# JSON, CSV, top, threshold, the mirror image.
predict $checkpoint --json --top 2 photos/val --threshold 1 | jq -r '[.class, (.top | length), (.top | map(.probability) | add | . * 100 | round)] | @csv' | sort -u
predict $checkpoint --csv --top=5 photos/val/class2/0.png | cut -d, -f1 | sort | uniq -c | tr -s ' '
right=$(predict $checkpoint --tta photos/val | tee tta | awk -F'[/:]' '{split($5, said, " "); n += $3 == said[1]} END {print n}')
wc -l <tta
"$DLA_TRAIN" eval $checkpoint photos/val eval.tta=mirror 2>err | head -n 1 | grep -q "($right of 7)" || { cat tta err; exit 6; }
# Sorted into folders, twice the same, and one of the same name beside it.
mkdir again && cp photos/val/class2/0.png again/
for time in 1 2; do predict $checkpoint --sort-into sorted photos/val again >/dev/null; done
find sorted -type l | wc -l
find sorted -name '0*.png' | sed 's,sorted/[^/]*/,,' | sort
# Folders in the place of a file: each says which file is meant.
mkdir my && cp -r out my/run && echo 'model: {}' >my/config.yaml
for line in "predict out half.png photos" "predict photos $checkpoint" "eval out photos/val" "inspect my" "export out m.onnx" \
  "convert out c.pth" my "photos train.epochs=1" photos/val/class2/0.png; do
  # shellcheck disable=SC2086
  "$DLA_TRAIN" $line 2>&1
done
# What is no picture.
head -c 60 photos/val/class2/0.png >half.png
echo text >text.jpg
printf 'GIF89a%0100d' 0 >moving.gif
predict $checkpoint half.png text.jpg missing.jpg moving.gif photos/val/class2 | sed 's/class[0-9]* [0-9.]* %/CLASS/'
predict $checkpoint text.jpg
predict $checkpoint photos.tar --sort-into never | tail -n 1 | sed 's/: error.*error/: error/'
predict $checkpoint
predict $checkpoint photos/val --top=0
predict $checkpoint photos/val --threshold=2
predict $checkpoint photos/val --sort-into=
mkfifo pipe && predict $checkpoint pipe
# Of an archive that is cut, the pictures before the cut.
gzip <photos.tar >whole.gz && head -c $(($(wc -c <whole.gz) / 2)) whole.gz >cut.tar.gz
predict $checkpoint cut.tar.gz >cut
grep -q '^status 1: error: cut.tar.gz' cut && ! grep 'no archive of pictures' cut || cat cut
predict missing.safetensors photos/val
# A damaged weight is noticed. The optimizer's state, which lies behind the weights, is nobody's business here.
for at in -1 weights; do
  python3 - $checkpoint $at damaged.safetensors <<'END' || exit 99
import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
data[-1 if sys.argv[2] == "-1" else 8 + struct.unpack("<Q", data[:8])[0]] ^= 1
open(sys.argv[3], "wb").write(data)
END
  predict damaged.safetensors photos/val | grep -c '^photos'
  predict damaged.safetensors photos/val | grep '^status'
  "$DLA_TRAIN" eval damaged.safetensors photos/val 2>&1 | grep -c '(. of 7)'
done
mkdir strange && cp -r photos/val/class2 strange/class3
"$DLA_TRAIN" eval $checkpoint strange 2>&1 | tail -n 1
exit 0
