"$DLA_TRAIN" train.max_steps=1
