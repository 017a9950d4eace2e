"$DLA_TRAIN" --dataset=x --horovod
