"$DLA_TRAIN" config none.yaml
