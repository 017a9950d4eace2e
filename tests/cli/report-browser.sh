# A browser shows the pages: the script runs under their policy and says nothing on the console, and names that mean
# harm do none.
browser=$(command -v chromium) || { echo "chromium is missing" >&2; exit 77; }
for run in a b; do
  /usr/bin/python3 "$DLA_SRCDIR/tests/cli/report_runs.py" "runs/$run" 5 3 || exit 1
done
"$DLA_TRAIN" report runs/a --output one.html && "$DLA_TRAIN" report runs/a runs/b --output two.html && "$DLA_TRAIN" report runs --output all.html || exit 2
for page in one two all; do
  HOME=$PWD timeout 100 "$browser" --headless=new --no-sandbox --disable-gpu --user-data-dir="$PWD/profile" --enable-logging=stderr --dump-dom \
    "file://$PWD/$page.html" >"$page.dom" 2>"$page.err" || { cat "$page.err"; exit 3; }
  grep CONSOLE "$page.err"
  echo "$page: $(grep -o 'role="slider"' "$page.dom" | wc -l) charts, $(grep -o '<title>[^<]*</title>' "$page.dom" | head -n 1)"
done
