# scripts/find-cycles sees files that include each other and files that call each other, by way of
# others, too; and nothing in a tree that has none.
command -v python3 >/dev/null || exit 77
mkdir -p scripts src/a src/b
cp "$DLA_SRCDIR/scripts/find-cycles" scripts/
echo 'int one(void);' >src/a/one.h
printf '#include "a/one.h"\n#include "b/two.h"\nint one(void)\n{\n  return two();\n}\n' >src/a/one.c
echo 'int two(void);' >src/b/two.h
printf '#include "b/two.h"\nint two(void)\n{\n  return 2;\n}\n' >src/b/two.c
python3 scripts/find-cycles
echo "none: status $?"
printf '#include "b/two.h"\nint one(void);\nint three(void)\n{\n  return one();\n}\n' >src/b/three.c
sed -i 's/return 2/return three()/' src/b/two.c
python3 scripts/find-cycles
echo "calls: status $?"
sed -i 's/return three()/return 2/' src/b/two.c
echo '#include "a/one.h"' >>src/b/two.h
python3 scripts/find-cycles
echo "includes: status $?"
