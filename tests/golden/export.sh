# What `dla-train export` writes gives our logits elsewhere, where PyTorch and ONNX are installed (Debian:
# python3-torch, python3-onnx): a layer-graph file in every form and a built-in network, the others by
# DLA_MODELS=all.
for module in torch onnx PIL; do
  /usr/bin/python3 -c "import importlib.util, sys; sys.exit(not importlib.util.find_spec('$module'))" ||
    { echo "Python's $module is missing" >&2; exit 77; }
done
"$DLA_TRAIN" --version | grep -q 'pictures: .*PNG' || { echo "this build reads no PNG" >&2; exit 77; }
/usr/bin/python3 "$DLA_SRCDIR/tests/cli/make_pictures.py" photos/train class2=6 class10=6 || exit 99
/usr/bin/python3 "$DLA_SRCDIR/tests/cli/make_pictures.py" photos/val class2=2 class10=2 || exit 99
some=dla46x_c
[ "${DLA_MODELS:-}" != all ] || some=
# shellcheck disable=SC2086
OMP_NUM_THREADS=2 /usr/bin/python3 -B "$DLA_SRCDIR/tests/golden/exported.py" "$DLA_TRAIN" \
  "$(dirname "$DLA_TRAIN")/tests/golden/logits" $some 2>log.txt || { cat log.txt; exit 1; }
