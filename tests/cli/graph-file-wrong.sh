# What can be wrong with a layer-graph file, a line of standard error each.
refused() {
  "$DLA_TRAIN" graph model.graph="$1"
  status=$?
  [ "$status" = 2 ] || echo "exit status $status"
}

try() {
  printf '%b' "$1" >g.yaml
  refused g.yaml
}

conv='  - {name: a, op: conv2d, kernel: 3'
try 'layers:\n  - {op: relu}\n'
try 'layers:\n  - {name: a}\n'
try "layers:\n$conv}\n"
try "layers:\n$conv, out_channels: x}\n"
try "layers:\n$conv, out_channels: [1]}\n"
try "layers:\n$conv, out_channels: 1.5}\n"
try "layers:\n$conv, out_channels: 99999999}\n"
try 'layers:\n  - {name: a, op: relu, src: 3}\n'
try "layers:\n  - {name: $(printf '%080d' 0), op: relu}\n"
try 'layers:\n  - relu\n'
try 'layers: 3\n'
try 'layers: [\n'
try '[1, 2]\n'
try 'layer: []\n'
refused missing.yaml
