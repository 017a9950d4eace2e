"$DLA_TRAIN" config --epoch=3
"$DLA_TRAIN" config --image-size=64
"$DLA_TRAIN" config --optimizer.momentum 3
"$DLA_TRAIN" inspect --image-size=64
