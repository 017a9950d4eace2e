"$DLA_TRAIN" help --lr=3
