"$DLA_TRAIN" config --zzzzzzzzzz
