"$DLA_TRAIN" --version now
