# The gradients of several ranks are not summed on a device: every rank refuses, and it is told once.
. "$DLA_SRCDIR/tests/dist/fixture.sh"
"$DLA_TRAIN" --version | grep -q 'opencl (' || { echo "the OpenCL backend is not built" >&2; exit 77; }
folder a
ranks 2 c.yaml backend.name=opencl >out 2>err
echo "status $?"
grep '^dla-train: ' err
