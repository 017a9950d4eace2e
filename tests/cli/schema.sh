# The schema is valid, takes the examples and the program's own dump, and refuses what is wrong.
python=/usr/bin/python3
if ! "$python" -c 'import jsonschema, yaml' 2>/dev/null; then
  echo "$python has no jsonschema and yaml (Debian: python3-jsonschema python3-yaml)" >&2
  exit 77
fi
"$DLA_TRAIN" --config-schema >schema.json
"$DLA_TRAIN" config >dump.yaml
for example in "$DLA_SRCDIR"/examples/*.yaml; do
  case $example in *.graph.yaml | *.workflow.yaml | */sweep.yaml) continue ;; esac # no configs
  set -- "$@" "$example"
done
"$python" "$DLA_SRCDIR/tests/cli/check_schema.py" schema.json dump.yaml "$@"
