# Every example is a config that loads, a layer graph, a workflow, or a sweep, whose base is named from
# the folder above.
for example in "$DLA_SRCDIR"/examples/*.yaml; do
  case $example in
    *.graph.yaml) "$DLA_TRAIN" graph "model.graph=$example" >/dev/null || exit ;;
    *.workflow.yaml) "$DLA_TRAIN" "$example" --no-container --dry-run >/dev/null || exit ;;
    */sweep.yaml) (cd "$DLA_SRCDIR" && "$DLA_TRAIN" sweep examples/sweep.yaml --dry-run) >/dev/null || exit ;;
    *) "$DLA_TRAIN" config "$example" >/dev/null || exit ;;
  esac
done
