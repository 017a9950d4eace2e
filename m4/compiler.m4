# DLA_COMPILER: C11, -O2 unless CFLAGS say otherwise, warnings, --enable-werror, --enable-sanitize=address,undefined.
# Under sanitizers -O1, which keeps frames whole and compiles quickly. The kernels, too: with -O2 they are no faster
# there, and take four times as long to compile.
AC_DEFUN([DLA_COMPILER], [
  AS_IF([test "x$ac_cv_prog_cc_c11" = xno],
    [AC_MSG_ERROR([the compiler $CC does not speak C11. On Debian: apt-get install gcc])])
  AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [treat warnings as errors (as CI does)])])
  AC_ARG_ENABLE([sanitize],
    [AS_HELP_STRING([--enable-sanitize=LIST], [compile with -fsanitize=LIST, for example address,undefined])])
  DLA_KERNEL_CFLAGS=-O3
  DLA_CFLAGS="-O2 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla -fno-common"
  AS_IF([test "x$enable_werror" = xyes], [DLA_CFLAGS="$DLA_CFLAGS -Werror"])
  dla_sanitize=${enable_sanitize:-no}
  AS_IF([test "x$dla_sanitize" = xyes], [dla_sanitize=address,undefined])
  AS_IF([test "x$dla_sanitize" != xno],
    [DLA_CFLAGS="$DLA_CFLAGS -O1 -fsanitize=$dla_sanitize -fno-sanitize-recover=all -fno-omit-frame-pointer"
     DLA_KERNEL_CFLAGS=-O1])
  AC_SUBST([DLA_KERNEL_CFLAGS])
  AC_SUBST([DLA_CFLAGS])
])
