# Checkpoints from the real PyTorch and back, where it is installed (Debian: python3-torch).
/usr/bin/python3 -c 'import torch' 2>/dev/null || { echo "PyTorch is missing: install python3-torch" >&2; exit 77; }
OMP_NUM_THREADS=1 /usr/bin/python3 -B "$DLA_SRCDIR/tests/golden/go_on.py" \
  "$(dirname "$DLA_TRAIN")/tests/golden/go_on" 2>log.txt || { cat log.txt; exit 1; }
