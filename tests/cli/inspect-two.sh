"$DLA_TRAIN" inspect a.pth b.pth
