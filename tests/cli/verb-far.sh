"$DLA_TRAIN" wombat
