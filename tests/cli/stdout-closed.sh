"$DLA_TRAIN" --version >&-
