printf 'layers:\n  - {name: a, op: relu}\n  - {name: a, op: relu}\n' >g.yaml
"$DLA_TRAIN" graph model.graph=g.yaml
