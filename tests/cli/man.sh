# The man pages have every verb, option and key, and no formatter has a word to say about them.
"$DLA_TRAIN" --man >page.1 && "$DLA_TRAIN" --man-config >page.5 || exit 1
plain() {
  sed 's/\\f[BRI]//g; s/\\-/-/g; s/\\(aq/'"'"'/g' "$1"
}
plain page.1 >plain.1
plain page.5 >plain.5
for verb in $("$DLA_TRAIN" --help | sed -n '/^Verbs:/,/^Without/s/^  \([a-z_]*\) .*/\1/p'); do
  grep -qx ".SS \"$verb\"" plain.1 || echo "nothing of $verb"
  "$DLA_TRAIN" help "$verb" | sed -n '/^Options:/,/^$/s/^  \(--[a-z0-9_-]*\).*/\1/p' | while read -r option; do
    grep -q -- "^$option" plain.1 || echo "$verb: nothing of $option"
  done
done
"$DLA_TRAIN" --help-config | sed -n 's/^  \([A-Za-z0-9_.]*\)=.*/\1/p' | while read -r key; do
  grep -qx "$key" plain.5 || echo "nothing of $key"
done
command -v groff >/dev/null || exit 0
for page in page.1 page.5; do
  groff -ww -man -Tascii $page >formatted 2>warnings || echo "groff fails"
  cat warnings
  [ -s formatted ] || echo "$page is empty"
done
