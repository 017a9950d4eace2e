# docs/config.md is what the program prints; `make update-docs` writes it anew.
if ! "$DLA_TRAIN" --version | grep -q onednn; then
  echo "the documented default backend is oneDNN's, which is not built" >&2
  exit 77
fi
"$DLA_TRAIN" --config-markdown | diff - "$DLA_SRCDIR/docs/config.md"
# Files that the documents name are there, but those of the op that add-an-op.md adds.
cd "$DLA_SRCDIR" || exit 99
grep -oE '`[a-z_.]+/[a-z_0-9/]+\.(c|h|cl|py|sh)`' docs/*.md README.md CONTRIBUTING.md | tr -d '`' | grep -vE 'leaky_relu|adagrad|svhn' | sort -u |
  while IFS=: read -r page file; do
    [ -e "$file" ] || [ -e "src/$file" ] || [ -e "include/$file" ] || echo "$page: there is no $file"
  done
# All of them are installed, and the examples.
for file in docs/*.md examples/*; do
  grep -q "$file" Makefile.am || echo "Makefile.am does not install $file"
done
