"$DLA_TRAIN" help config >long && "$DLA_TRAIN" config --help | cmp - long && "$DLA_TRAIN" config -h train.epochs=0 | cmp - long && cat long
