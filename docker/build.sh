#!/bin/sh
# The image's first stage: builds the program and puts into the folder given what the second one needs:
# the program, and the names of the packages that its libraries come from.
set -eu
cd "$(dirname "$0")/.."
out=${1:?usage: docker/build.sh FOLDER}
. scripts/packages
# shellcheck disable=SC2086
install_packages $build_packages
build build-image --prefix=/usr/local --without-mpi --with-openblas=no
make -C build-image --no-print-directory install-strip DESTDIR="$out"

ldd build-image/dla-train | awk '/=> \// { print $3 }' | while read -r library; do
  # Packages of before the merger of /lib and /usr/lib own the former's names.
  dpkg -S "$library" 2>/dev/null || dpkg -S "/usr$library" 2>/dev/null || dpkg -S "${library#/usr}"
done | cut -d: -f1 | sort -u >"$out/run-packages"
