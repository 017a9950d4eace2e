# Whatever is wrong with a command line, its error does not show what may be a secret in it.
: >c.yaml
fails() {
  "$DLA_TRAIN" "$@" >out 2>&1
  echo "$1 $2: $?$(grep -o HUSH out)"
}
fails config 'output.s3={secretAccessKey: HUSH}'
fails config output.s3.secretAccesKey=HUSH
fails config --output.s3.secretAccessKey=HUSH
fails --version output.s3.secretAccessKey=HUSH
fails config c.yaml https://user:HUSH@host/c.yaml
fails train https://user:HUSH@host/c.yaml?sig=HUSH
fails submit c.yaml output.http.url='http://user:${PASS}HUSH@host'
