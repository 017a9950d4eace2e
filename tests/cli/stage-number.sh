"$DLA_TRAIN" stage get in out --retries=many
