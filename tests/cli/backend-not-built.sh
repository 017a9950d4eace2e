# A backend that exists, but not in this build.
for backend in onednn openblas opencl; do
  "$DLA_TRAIN" --version | grep -q "$backend" || missing=$backend
done
[ -n "${missing:-}" ] || { echo "all backends are built" >&2; exit 77; }
"$DLA_TRAIN" bench --steps 1 train.batch_size=1 backend.name="$missing"
