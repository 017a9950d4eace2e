echo '# nothing yet' >g.yaml
"$DLA_TRAIN" graph model.graph=g.yaml
