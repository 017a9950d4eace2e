# An = behind a / belongs to a file's name.
mkdir -p runs/lr=0.5 && cd runs && printf 'optimizer:\n  lr: 0.5\n' >lr=0.5/c.yaml
"$DLA_TRAIN" config ../runs/lr=0.5/c.yaml | grep lr: && cd lr=0.5 && mv c.yaml a=b && "$DLA_TRAIN" config ./a=b | grep lr: 
