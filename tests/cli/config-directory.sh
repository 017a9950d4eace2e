mkdir runs
"$DLA_TRAIN" config runs
