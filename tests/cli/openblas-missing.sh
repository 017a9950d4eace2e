# A library that does not load is one clear line; a broken one in front of the path stands for it.
"$DLA_TRAIN" --version | grep -q openblas || { echo "the OpenBLAS backend is not built" >&2; exit 77; }
mkdir lib && : >lib/libopenblas.so.0
export LD_LIBRARY_PATH=lib
"$DLA_TRAIN" --version | grep -o 'openblas ([^)]*)'
"$DLA_TRAIN" bench --steps 1 train.batch_size=1 backend.name=openblas
