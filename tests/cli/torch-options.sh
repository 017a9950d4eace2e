# The PyTorch program's command lines, in both spellings, mean what the keys mean.
DIR='a$b'
"$DLA_TRAIN" config --lr=0.05 --dataset="$DIR" --checkpoint_in=in.pth --checkpoint-out=out.pth --epochs 5 --no-cuda >one &&
  "$DLA_TRAIN" config optimizer.lr=9 --lr 0.05 --dataset "$DIR" --checkpoint-in in.pth --checkpoint_out out.pth train.epochs=5 |
  cmp - one && grep -E '^  (lr|path|in|out|epochs): ' one
