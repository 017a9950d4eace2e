"$DLA_TRAIN" config --dataset --lr=0.1
