#!/bin/sh
# Writes the first inputs of fuzz_pickle and fuzz_idx: DIR/pickle/*, DIR/idx/*. Then for example
#   tests/fuzz/fuzz_pickle -max_total_time=60 DIR/pickle
set -eu
dir=${1:?usage: seeds.sh DIR}
mkdir -p "$dir/pickle" "$dir/idx"

# Two batches of a 2 x 3 matrix with its labels and a string seen twice: as Python 2 writes them,
# and as Python 3 does in protocol 4.
printf '\200\002}q\001(U\006labelsq\002]q\003(K\001M\000\001J\000\000\001\000eU\001aq\004h\004U\004data' \
  > "$dir/pickle/python2"
printf 'cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\000\205U\001b\207R(K\001K\002K\003\206' \
  >> "$dir/pickle/python2"
printf 'cnumpy\ndtype\nU\002u1K\000K\001\207R(K\003U\001|NNNJ\377\377\377\377J\377\377\377\377K\000tb' \
  >> "$dir/pickle/python2"
printf '\211U\006abcdeftbu.' >> "$dir/pickle/python2"
printf '\200\004\225\100\000\000\000\000\000\000\000}\224(\214\004data\224\214\026numpy._core.multiarray' \
  > "$dir/pickle/python3"
printf '\224\214\014_reconstruct\224\223)R(K\001K\002K\003\206\214\005numpy\214\005dtype\223\214\002u1\205R' \
  >> "$dir/pickle/python3"
printf '\211C\006abcdeftbu.' >> "$dir/pickle/python3"
printf '\200\002c_codecs\nencode\nX\003\000\000\000a\303\251X\006\000\000\000latin1\206R.' \
  > "$dir/pickle/encoded"

# A limit of 0 (none) or 1, and a file of two images of 2 x 2, or of three labels.
printf '\000\000\000\010\003\000\000\000\002\000\000\000\002\000\000\000\00212345678' > "$dir/idx/images"
printf '\001\000\000\010\001\000\000\000\003\001\002\003' > "$dir/idx/labels"
