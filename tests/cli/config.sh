# What is printed reads back to the same.
printf 'train:\n  epochs: 3\noptimizer:\n  lr: 0.3\n' >c.yaml
"$DLA_TRAIN" config c.yaml 'dataset.path=a "b" $$c' optimizer.lr=0.1 train.seed=7 optimizer.lr=0.25 >once.yaml &&
  "$DLA_TRAIN" config once.yaml | cmp - once.yaml && cat once.yaml
