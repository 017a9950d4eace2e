# A page for a browser: everything is in it, and nothing of a class's name can end a tag. With onnxruntime-web's files in
# $DLA_ORT (the folder dist of its npm package) and Chromium, the page says what predict says.
. "$DLA_SRCDIR/tests/cli/pictures_fixture.sh"
make_pictures photos/train class2=6 'class<b>&"10'=6
make_pictures photos/val class2=2 'class<b>&"10'=2
"$DLA_TRAIN" model.graph=net.yaml model.image_size=16 train.batch_size=6 train.epochs=1 dataset.path=photos \
  output.dir=. >train.txt 2>&1 || { cat train.txt; exit 1; }
"$DLA_TRAIN" export checkpoint.safetensors --html page.html
"$DLA_TRAIN" export checkpoint.safetensors --html page.html --runtime .
"$DLA_TRAIN" export checkpoint.safetensors --runtime .
"$DLA_TRAIN" export checkpoint.safetensors --html page.html --pytorch dir --runtime .
"$DLA_TRAIN" export checkpoint.safetensors --html page.html --runtime . --opset 17
[ ! -e page.html ] || echo "half a page"
mkdir ort
for file in ort.wasm.min.js ort-wasm-simd-threaded.mjs ort-wasm-simd-threaded.wasm; do
  echo "$file </script>" >"ort/$file"
done
"$DLA_TRAIN" export checkpoint.safetensors --html page.html --runtime ort | sed 's/[0-9.]* MB/N MB/'
# part ID: what is under it.
part() {
  sed -n "s/^<script type=\"text\/plain\" id=\"$1\">\(.*\)<\/script>\$/\1/p" page.html | base64 -d
}
for id in runtime glue wasm; do part $id; done
"$DLA_TRAIN" export checkpoint.safetensors model.onnx --uint8 >/dev/null
part model | cmp - model.onnx
part facts | jq -c 'del(.bytes)'
grep -c 'class<b>' page.html
[ -n "${DLA_ORT:-}" ] && browser=$(command -v chromium) || exit 0
"$DLA_TRAIN" export checkpoint.safetensors --html page.html --runtime "$DLA_ORT" >/dev/null || exit
photo=$(find photos/val -type f | head -n 1)
cat >>page.html <<END
<script>
(async () => {
  while (!window.classifyFile) await new Promise(later => setTimeout(later, 50));
  const file = new File([Uint8Array.from(atob("$(base64 -w 0 "$photo")"), c => c.charCodeAt(0))], "photo");
  document.title = JSON.stringify(await classifyFile(file));
})();
</script>
END
HOME=$PWD timeout 100 "$browser" --headless=new --no-sandbox --disable-gpu --user-data-dir="$PWD/profile" \
  --virtual-time-budget=30000 --dump-dom "file://$PWD/page.html" 2>/dev/null | sed -n 's/<title>\(.*\)<\/title>/\1/p' >there
"$DLA_TRAIN" predict checkpoint.safetensors "$photo" --json --top 2 | jq -c '[.top | sort_by(.class) | .[].probability]' >here
# The classes' order: 2 before 10, and of two names this way.
jq -n --slurpfile a here --slurpfile b there '[$a[0], $b[0]] | map(sort) | transpose | map((.[0] - .[1]) | fabs) | max < 0.002' |
  grep -v true
exit 0
