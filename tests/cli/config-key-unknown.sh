printf 'optimizer:\n  momentun: 0.5\n' >c.yaml
"$DLA_TRAIN" c.yaml
