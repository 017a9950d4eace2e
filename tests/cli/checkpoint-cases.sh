# The checkpoints that ../shared/cases makes come to what its expected.txt says.
cases=$DLA_SRCDIR/../shared/cases
[ -f "$cases/checkpoints.py" ] || { echo "$cases is missing" >&2; exit 77; }
python=/usr/bin/python3
"$python" -c 'import numpy, torch' 2>/dev/null || { echo "$python has no torch: install python3-torch" >&2; exit 77; }
"$python" "$cases/checkpoints.py" made 2>/dev/null || exit 1

# A data set of noise, in CIFAR-10's binary format.
mkdir data
for name in data_batch_1 data_batch_2 data_batch_3 data_batch_4 data_batch_5 test_batch; do
  head -c 24584 /dev/zero >"data/$name.bin"
done
status_of=
grep -E '^[^ #]+\.(pth|safetensors) ' "$cases/expected.txt" >wanted
while read -r file what pattern; do
  "$DLA_TRAIN" eval model.graph="$cases/small.graph.yaml" dataset.path=data checkpoint.in="made/$file" \
    >out 2>err
  status_of=$?
  case $what in
    load) [ "$status_of" = 0 ] ;;
    *) [ "$status_of" = 2 ] && grep -Eiq -e "$pattern" err ;;
  esac || { echo "$file: $what $pattern, but status $status_of"; cat err; }
done <wanted
