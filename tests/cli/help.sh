# -h, --help and help say the same.
"$DLA_TRAIN" --help >long && "$DLA_TRAIN" -h | cmp - long && "$DLA_TRAIN" help | cmp - long && cat long
