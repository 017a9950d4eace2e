printf 'not a checkpoint' >x.safetensors
"$DLA_TRAIN" inspect x.safetensors
