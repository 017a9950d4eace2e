printf 'layers:\n  - {name: a, op: linear, out_features: 7}\n' >g.yaml
"$DLA_TRAIN" graph model.graph=g.yaml
