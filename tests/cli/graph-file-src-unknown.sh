cat >g.yaml <<'END'
layers:
  - {name: base.0, op: relu}
  - {name: sum, op: add, src: [input, bsae.0]}
END
"$DLA_TRAIN" graph model.graph=g.yaml
