printf 'layers:\n  - {name: a, op: &r relu}\n  - {name: b, op: *r}\n' >g.yaml
"$DLA_TRAIN" graph model.graph=g.yaml
