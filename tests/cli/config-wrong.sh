printf 'optimizer:\n  lr: 0.1\n  momentum: 1\n' >c.yaml
"$DLA_TRAIN" config c.yaml
