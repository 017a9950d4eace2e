printf 'dataset:\n  path: $DLA_NOT_SET/x\n' >c.yaml
unset DLA_NOT_SET
"$DLA_TRAIN" config c.yaml
