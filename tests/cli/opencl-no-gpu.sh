# No device was chosen, and there is no GPU: one line with the devices that were found.
. "$DLA_SRCDIR/tests/cli/opencl_fixture.sh"
"$DLA_TRAIN" --version | grep -q ', GPU, ' && { echo "there is a GPU" >&2; exit 77; }
"$DLA_TRAIN" bench --steps 1 model.graph=net.yaml backend.name=opencl
