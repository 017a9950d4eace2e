# Options of other training programs are refused, and name the key.
for option in --batch-size --model-ema --amp -j --train.epochs --ra-sampler; do
  "$DLA_TRAIN" config $option 2
done
"$DLA_TRAIN" help --batch-size 2
