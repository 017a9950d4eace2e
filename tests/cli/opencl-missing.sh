# A library that does not load is one clear line; a broken one in front of the path stands for it.
. "$DLA_SRCDIR/tests/cli/opencl_fixture.sh"
mkdir lib && : >lib/libclblast.so.1
export LD_LIBRARY_PATH=lib
"$DLA_TRAIN" bench --steps 1 model.graph=net.yaml backend.name=opencl backend.device=0
