# Every example is a config that loads, a layer graph, or a workflow.
for example in "$DLA_SRCDIR"/examples/*.yaml; do
  case $example in
    *.graph.yaml) "$DLA_TRAIN" graph "model.graph=$example" >/dev/null || exit ;;
    *.workflow.yaml) "$DLA_TRAIN" "$example" --no-container --dry-run >/dev/null || exit ;;
    *) "$DLA_TRAIN" config "$example" >/dev/null || exit ;;
  esac
done
