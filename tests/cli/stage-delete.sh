"$DLA_TRAIN" stage put in out --delete
