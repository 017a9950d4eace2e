# OpenCL is installed, but no driver: the loader finds an empty folder of them.
. "$DLA_SRCDIR/tests/cli/opencl_fixture.sh"
mkdir vendors
export OCL_ICD_VENDORS=$PWD/vendors
"$DLA_TRAIN" --version | grep -o 'opencl ([^)]*)'
"$DLA_TRAIN" bench --steps 1 model.graph=net.yaml backend.name=opencl
