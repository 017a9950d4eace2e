# The kernels are compiled once: what the driver made of them lies in the cache folder. A damaged file,
# and one that is whole but not the driver's, are replaced; a folder that cannot be made does no harm.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
. "$DLA_SRCDIR/tests/cli/opencl_fixture.sh"
export XDG_CACHE_HOME=$PWD/cache
bench
file=$(echo cache/dla-train/opencl/*)
[ -s "$file" ] || echo "no file in the cache: $file"
ls cache/dla-train/opencl | wc -l

# changed WHAT: runs, and says whether the file was written anew.
changed() {
  inode=$(stat -c %i "$file")
  bench
  [ "$inode" = "$(stat -c %i "$file")" ] && echo "$1: kept" || echo "$1: written"
}
changed whole
printf XYZXYZXYZ | dd of="$file" bs=1 seek=1000 conv=notrunc 2>/dev/null
changed "a flipped byte"
if is_sanitized; then # other cuts are other ways to the same
  echo "an end that is missing: written"
  echo "empty: written"
else
  truncate -s 100 "$file"
  changed "an end that is missing"
  : >"$file"
  changed empty
fi
{ printf foreign | sha256sum | cut -c 1-64 | tr -d '\n'; printf foreign; } >"$file"
changed foreign
rm -r cache && : >cache
bench
