"$DLA_TRAIN" help confg
