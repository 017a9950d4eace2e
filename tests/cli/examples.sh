# Every example is a config that loads, or a layer graph.
for example in "$DLA_SRCDIR"/examples/*.yaml; do
  case $example in
    *.graph.yaml) "$DLA_TRAIN" graph "model.graph=$example" >/dev/null || exit ;;
    *) "$DLA_TRAIN" config "$example" >/dev/null || exit ;;
  esac
done
