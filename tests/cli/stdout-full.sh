if [ ! -w /dev/full ]; then
  echo "there is no /dev/full" >&2
  exit 77
fi
"$DLA_TRAIN" --help-config >/dev/full
