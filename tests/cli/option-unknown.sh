"$DLA_TRAIN" config --epoch=3
