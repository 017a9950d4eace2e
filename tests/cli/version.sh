"$DLA_TRAIN" --version
