"$DLA_TRAIN" confgi
