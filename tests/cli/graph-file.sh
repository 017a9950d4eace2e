# SimpleDLA written out as a layer graph becomes the same program as the built-in one.
graph=$DLA_SRCDIR/examples/simple_dla.graph.yaml
"$DLA_TRAIN" graph --program train.batch_size=2 model.name=simple_dla >by-name || exit
"$DLA_TRAIN" graph --program train.batch_size=2 "model.graph=$graph" >by-file || exit
test -s by-name && cmp by-name by-file
