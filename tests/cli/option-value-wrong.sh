"$DLA_TRAIN" config --lr fast
