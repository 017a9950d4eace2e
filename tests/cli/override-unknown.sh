"$DLA_TRAIN" config train.epoch=3
