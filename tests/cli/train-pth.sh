"$DLA_TRAIN" --dataset=/nonexistent --checkpoint_out=x.pth
