# Sourced by the tests of the OpenCL backend: skips them where this build or this machine has none,
# and makes a small network, net.yaml. They compute on the first device.
"$DLA_TRAIN" --version | grep -q 'opencl (0: ' || { echo "no OpenCL backend, or no device for it" >&2; exit 77; }
cat >net.yaml <<'END'
layers:
  - {name: conv1, op: conv2d, src: input, out_channels: 8, kernel: 3, padding: 1, stride: 4}
  - {name: bn1, op: batch_norm}
  - {name: relu1, op: relu}
  - {name: pool, op: avg_pool, kernel: 8}
  - {name: linear, op: linear, out_features: classes}
END

# bench ARGUMENT ...: a step on the first device.
bench() {
  "$DLA_TRAIN" bench --steps 1 model.graph=net.yaml train.batch_size=2 backend.name=opencl backend.device=0 "$@" >out 2>err || cat err
}
