cat >g.yaml <<'END'
layers:
  - {name: a, op: conv2d, out_channels: 8, kernel: 3}
  # 8 channels of 30 x 30, and an image of 3 of 32 x 32
  - {name: j, op: concat, src: [a, input]}
END
"$DLA_TRAIN" graph model.graph=g.yaml
