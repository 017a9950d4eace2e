# Checkpoints from the real PyTorch and back, where it is installed (Debian: python3-torch).
/usr/bin/python3 -c 'import torch' 2>/dev/null || { echo "PyTorch is missing: install python3-torch" >&2; exit 77; }
# Most of it is PyTorch's own training. That our readers and writers of .pth stay within their memory show
# test_pth.c, with files that PyTorch wrote, and train-pth.sh.
! grep -q __asan_init "$DLA_TRAIN" || { echo "AddressSanitizer sees nothing new here" >&2; exit 77; }
OMP_NUM_THREADS=1 /usr/bin/python3 -B "$DLA_SRCDIR/tests/golden/go_on.py" \
  "$(dirname "$DLA_TRAIN")/tests/golden/go_on" 2>log.txt || { cat log.txt; exit 1; }
