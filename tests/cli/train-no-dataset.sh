"$DLA_TRAIN" train.epochs=1
