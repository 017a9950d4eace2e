# A refused file leaves what was there.
cp "$DLA_SRCDIR/tests/golden/pth/script.pth" x.pth
echo old >y.safetensors
"$DLA_TRAIN" convert x.pth y.safetensors
status=$?
ls
cat y.safetensors
exit $status
