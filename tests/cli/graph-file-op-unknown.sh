cat >g.yaml <<'END'
layers:
  - {name: a, op: conv2d, out_channels: 8, kernel: 3}
  - {name: b, op: batchnorm}
END
"$DLA_TRAIN" graph model.graph=g.yaml
