# The class in the file's name, and a table of labels inside an archive: shown, trained on, stopped and gone on
# with, packed and evaluated.
. "$DLA_SRCDIR/tests/cli/pictures_fixture.sh"
make_pictures sorted cat=8 dog=8 size=16
mkdir flat
for class in cat dog; do
  for i in 0 1 2 3 4 5 6 7; do mv "sorted/$class/$i.png" "flat/$class.$i.png" || exit 99; done
done
common="model.graph=net.yaml model.image_size=16 train.batch_size=4 train.test_batch_size=4 schedule.t_max=2 train.threads=1"
train() {
  # shellcheck disable=SC2086
  "$DLA_TRAIN" $common "$@" >out 2>err || { cat err; exit 2; }
}
losses() {
  grep '"type":"step"' "$1/metrics.jsonl" | sed 's/,"images_per_second.*//'
}
refused() {
  "$DLA_TRAIN" "$@" 2>err
  echo "$? $(tail -n 1 err)"
}
names=dataset.class_from=file_name

refused data flat
"$DLA_TRAIN" data flat $names | tr -s ' ' | head -n 5
train dataset.path=flat $names train.epochs=2 output.dir=whole
train dataset.path=flat $names train.epochs=2 train.max_steps=2 output.dir=parts
train dataset.path=flat $names train.epochs=2 train.max_steps=0 output.dir=parts checkpoint.in=auto
[ "$(losses whole)" = "$(losses parts)" ] || exit 3
"$DLA_TRAIN" data pack flat flat.tar $names
train dataset.path=flat.tar $names train.epochs=2 output.dir=packed
[ "$(losses whole)" = "$(losses packed)" ] || exit 4

# The checkpoint knows the classes, and where they are.
mkdir other
cp flat/cat.1.png other/cat.png
cp flat/dog.1.png other/dog_7.png
"$DLA_TRAIN" eval whole/checkpoint.safetensors other 2>err | grep -o 'of 2'
"$DLA_TRAIN" predict whole/checkpoint.safetensors other | sed 's/: .*//'
cp flat/dog.1.png other/owl_1.png
refused eval whole/checkpoint.safetensors other
mkdir folders && mv other folders/cat
"$DLA_TRAIN" eval whole/checkpoint.safetensors folders dataset.class_from=folder 2>err | grep -o 'of 3'

# A config of its own; what the key is not for.
"$DLA_TRAIN" new mine --data=flat >out || exit 5
grep class_from mine/config.yaml
printf 'a.png,b\n' >table.csv
refused data table.csv $names
mkdir empty
refused data empty $names
refused data flat dataset.class_from=names

# A table in an archive, and a compressed one.
mkdir flat/train && mv flat/*.png flat/train
(echo id,label && for i in 0 1 2 3 4 5 6 7; do echo "cat.$i,tom"; echo "dog.$i,rex"; done) >flat/train.csv
tar cf table.tar -C flat train train.csv
gzip -k flat/train.csv
train dataset.path=flat/train.csv train.epochs=1 output.dir=csv
train dataset.path=flat/train.csv.gz train.epochs=1 output.dir=gz
train dataset.path=table.tar train.epochs=1 output.dir=tar
[ "$(losses csv)" = "$(losses tar)" ] || exit 6
[ "$(losses csv)" = "$(losses gz)" ] || exit 7
