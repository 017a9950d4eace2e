touch a.yaml b.yaml
"$DLA_TRAIN" config a.yaml b.yaml
