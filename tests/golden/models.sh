# Built-in networks against PyTorch, where it is installed (Debian: python3-torch): one of each kind of block, tree and
# root, the others by `make check-models` (DLA_MODELS=all).
/usr/bin/python3 -c 'import torch' 2>/dev/null || { echo "PyTorch is missing: install python3-torch" >&2; exit 77; }
! grep -q __asan_init "$DLA_TRAIN" || { echo "AddressSanitizer sees nothing new here" >&2; exit 77; }
family=$(dirname "$DLA_TRAIN")/tests/golden/family
check() { # BACKEND [MODEL...]
  OMP_NUM_THREADS=2 /usr/bin/python3 -B "$DLA_SRCDIR/tests/golden/family.py" "$family" "$@" 2>log.txt ||
    { cat log.txt; exit 1; }
}
some="dla dla_fast dla34 dla46_c dla60x_c dla102"
[ "${DLA_MODELS:-}" != all ] || some=
# shellcheck disable=SC2086
if "$DLA_TRAIN" --version | grep -q oneDNN; then check onednn $some; fi
if "$DLA_TRAIN" --version | grep -q OpenBLAS; then check openblas ${some:+dla46x_c}; fi
check reference dla46_c dla46x_c
