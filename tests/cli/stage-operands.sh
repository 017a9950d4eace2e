"$DLA_TRAIN" stage get s3://bucket
