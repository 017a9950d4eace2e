"$DLA_TRAIN" convert x.pth
