"$DLA_TRAIN" --help-config
