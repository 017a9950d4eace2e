# make install puts everything (of libdla: libdla.sh) into its place, from where it works; make uninstall takes it all away.
build=$(dirname "$DLA_TRAIN")
[ -f "$build/Makefile" ] || { echo "the program is not beside its Makefile" >&2; exit 77; }
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
make -s -C "$build" install DESTDIR="$PWD/root" prefix=/usr >log 2>&1 || cat log
(cd root && find . -type f ! -name '*.md' ! -name '*.png' ! -path '*/examples/*' ! -path '*/include/*' ! -name 'libdla*' | sort)
for file in README.md docs/install.md docs/doctor.md examples/cifar10.yaml; do
  [ -f "root/usr/share/doc/dla-train/$file" ] || echo "$file is missing"
done
# What README names is there, too.
grep -o '(docs/[a-z-]*\.md' root/usr/share/doc/dla-train/README.md | tr -d '(' | sort -u | while read -r page; do
  [ -f "root/usr/share/doc/dla-train/$page" ] || echo "$page is missing"
done
root/usr/bin/dla-train --version | head -n 1 | sed 's/ [0-9.]*$//'
root/usr/bin/dla-train config root/usr/share/doc/dla-train/examples/cifar10.yaml >/dev/null || exit 1
root/usr/bin/dla-train --man | cmp - root/usr/share/man/man1/dla-train.1
bash -n root/usr/share/bash-completion/completions/dla-train
make -s -C "$build" uninstall DESTDIR="$PWD/root" prefix=/usr >log 2>&1 || cat log
find root -type f
