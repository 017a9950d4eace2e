"$DLA_TRAIN" inspect missing.pth
