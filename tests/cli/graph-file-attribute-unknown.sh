cat >g.yaml <<'END'
layers:
  - name: a
    op: conv2d
    out_channels: 8
    kernal: 3
END
"$DLA_TRAIN" graph model.graph=g.yaml
