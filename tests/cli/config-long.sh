head -c 1048577 /dev/zero >long.yaml
"$DLA_TRAIN" config long.yaml
