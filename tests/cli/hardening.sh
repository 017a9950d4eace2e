# The program has the protections that configure lists: position-independent, relocations read-only, no executable
# stack, and checked string functions.
makefile=$(dirname "$DLA_TRAIN")/Makefile
grep -q '^RELRO = .*now' "$makefile" || { echo "this build has no hardening" >&2; exit 77; }
readelf -lW "$DLA_TRAIN" | sed -n 's/^Elf file type is \([A-Z]*\).*/\1/p; s/^ *\(GNU_RELRO\).*/\1/p; s/^ *\(GNU_STACK\).* \(RW*E*\) .*/\1 \2/p' | sort
readelf -dW "$DLA_TRAIN" | grep -o BIND_NOW
nm -D "$DLA_TRAIN" | grep -o '__stack_chk_fail'
nm -D "$DLA_TRAIN" | grep -o '__snprintf_chk'
