. "$DLA_SRCDIR/tests/cli/opencl_fixture.sh"
"$DLA_TRAIN" bench --steps 1 model.graph=net.yaml backend.name=opencl backend.device=nonesuch
