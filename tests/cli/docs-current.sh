# docs/config.md is what the program prints; `make update-docs` writes it anew.
if ! "$DLA_TRAIN" --version | grep -q onednn; then
  echo "the documented default backend is oneDNN's, which is not built" >&2
  exit 77
fi
"$DLA_TRAIN" --config-markdown | diff - "$DLA_SRCDIR/docs/config.md"
