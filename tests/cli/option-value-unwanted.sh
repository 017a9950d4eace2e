"$DLA_TRAIN" config --no-cuda=1
