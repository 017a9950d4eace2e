# Checkpoints as PyTorch programs, timm, Lightning and Hugging Face leave them: some 230 kinds. The unit
# tests look for leaks, which takes longer here than all else.
python=/usr/bin/python3
"$python" -c 'import numpy, torch' 2>/dev/null || { echo "$python has no torch: install python3-torch" >&2; exit 77; }
LSAN_OPTIONS=detect_leaks=0 "$python" "$DLA_SRCDIR/tests/cli/checkpoint_kinds.py" "$DLA_TRAIN" kinds >log 2>&1 || { cat log; exit 1; }
