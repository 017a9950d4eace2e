# Every example is a config that loads.
for example in "$DLA_SRCDIR"/examples/*.yaml; do
  "$DLA_TRAIN" config "$example" >/dev/null || exit
done
