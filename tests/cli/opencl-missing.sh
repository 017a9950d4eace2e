# A library that does not load is one clear line; a broken one in front of the path stands for it.
. "$DLA_SRCDIR/tests/cli/opencl_fixture.sh"
mkdir lib && : >lib/libclblast.so.1
export LD_LIBRARY_PATH=lib
"$DLA_TRAIN" bench --steps 1 model.graph=net.yaml backend.name=opencl backend.device=0
# Where oneDNN is built with OpenCL, the program does not even start without it.
ldd "$DLA_TRAIN" | grep -q libOpenCL && exit 2
mv lib/libclblast.so.1 lib/libOpenCL.so.1
"$DLA_TRAIN" bench --steps 1 model.graph=net.yaml backend.name=opencl 2>err
status=$?
grep -q 'backend.name: the opencl backend needs libOpenCL.so.1, which does not load: ' err || cat err
exit $status
