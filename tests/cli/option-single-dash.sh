"$DLA_TRAIN" config -lr=3
