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
# A newcomer follows the pages on adding something: where several files have a name, they say which, by the path or by
# "In that folder" before it (these names are the exceptions).
for page in docs/add-*.md; do
  grep -oE '`[a-z_0-9]+\.(c|h|cl|py|sh)`' "$page" | tr -d '`' | sort -u |
    while read -r file; do
      case $page:$file in
        docs/add-an-op.md:elementwise.c | docs/add-an-op.md:internal.h | docs/add-an-op.md:kernels.h) continue ;;
      esac
      [ "$(find src include tests -name "$file" | wc -l)" = 1 ] || echo "$page: which $file is meant?"
    done
done
# All of them are installed, and the examples.
for file in docs/*.md examples/*; do
  grep -q "$file" Makefile.am || echo "Makefile.am does not install $file"
done
