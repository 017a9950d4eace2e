# libdla is installed with its headers, exports what these declare and nothing else, and another program trains and
# predicts with it.
build=$(dirname "$DLA_TRAIN") data=/usr/share/datasets/fashion-mnist
ls "$build"/libdla.so.* >/dev/null 2>&1 || { echo "this build has no libdla.so" >&2; exit 77; }
[ -d "$data" ] || { echo "$data is missing: install dataset-fashion-mnist" >&2; exit 77; }
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
make -C "$build" install DESTDIR="$PWD/root" >log 2>&1 || { cat log; exit 1; }
pc=$(find root -name libdla.pc)
lib=$(dirname "$pc")/..
export PKG_CONFIG_SYSROOT_DIR="$PWD/root" PKG_CONFIG_LIBDIR="${pc%/*}" LD_LIBRARY_PATH="$lib"

# shellcheck disable=SC2046
${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Werror "$DLA_SRCDIR/examples/embed.c" \
  $(pkg-config --cflags --libs libdla) -o embed || exit
./embed "$data" >said || exit
sed 's/[0-9.]* %/NUMBER %/; s/class [0-9]*/class NUMBER/' said
accuracy=$(sed 's/test accuracy \([0-9]*\).*/\1/' said)
[ "$accuracy" -gt 20 ] || echo "it learned nothing: $accuracy %"
"$DLA_TRAIN" inspect embed.safetensors | sed -n 's/^steps*: */step /p'

# Each header stands alone.
for header in root/usr/local/include/dla/*.h; do
  echo "#include <dla/${header##*/}>" >one.c
  # shellcheck disable=SC2046
  ${CC:-cc} -std=c11 -Wall -Wextra -Werror -fsyntax-only $(pkg-config --cflags libdla) one.c || exit
done
cat root/usr/local/include/dla/*.h | ${CC:-cc} -std=c11 -Iroot/usr/local/include -E -P -x c - |
  grep -vE '^ *(typedef|static)' | grep -oE '\bdla_[a-z0-9_]+\(' | tr -d '(' | sort -u >declared
nm -D --defined-only "$lib/libdla.so" | sed -n 's/.* T \(dla_[a-z0-9_]*\)@@LIBDLA_0$/\1/p' | sort -u >exported
nm -D --defined-only "$lib/libdla.so" | grep -v '@@LIBDLA_0$' | grep -v ' A LIBDLA_0$'
comm -13 declared exported | sed 's/^/exported, but in no header: /'
[ "$(wc -l <exported)" -gt 100 ] || echo "too few functions are exported"

make -C "$build" uninstall DESTDIR="$PWD/root" >log 2>&1 || { cat log; exit 1; }
find root -type f -o -type l
