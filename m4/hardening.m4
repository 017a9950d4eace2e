# DLA_HARDENING: the compiler's and linker's protections, as distributions have them, since the program reads foreign
# files; not under sanitizers, which check more. --disable-hardening leaves them out.
AC_DEFUN([DLA_HARDENING], [
  AC_ARG_ENABLE([hardening],
    [AS_HELP_STRING([--disable-hardening], [no stack protector, checked string functions, read-only relocations])])
  AS_IF([test "x$dla_sanitize" != xno || test "x$enable_fuzz" = xyes], [enable_hardening=no])
  dla_hardening=
  AS_IF([test "x$enable_hardening" != xno], [
    DLA_HARDENING_TRY([-fstack-protector-strong], [dla_have_protector])
    DLA_HARDENING_TRY([-fstack-clash-protection], [dla_have_clash])
    # The kernels' arrays are tiles of fixed sizes, and checking them takes 1 to 2 % of a step.
    AS_IF([test "x$dla_have_protector" = xyes],
      [DLA_KERNEL_CFLAGS="$DLA_KERNEL_CFLAGS -fno-stack-protector"])
    AS_IF([test "x$dla_have_clash" = xyes],
      [DLA_KERNEL_CFLAGS="$DLA_KERNEL_CFLAGS -fno-stack-clash-protection"])
    DLA_HARDENING_TRY([-fcf-protection], [dla_have_cf])
    DLA_HARDENING_TRY([-mbranch-protection=standard], [dla_have_branch])
    DLA_HARDENING_TRY([-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3], [dla_have_fortify])
    DLA_HARDENING_LINK([-Wl,-z,relro -Wl,-z,now], [RELRO], [relro])
    DLA_HARDENING_LINK([-pie], [PIE], [pie])
    AS_IF([test "x$PIE" != x && test "x$enable_shared" = xno], [DLA_CFLAGS="$DLA_CFLAGS -fPIE"])
  ])
  AS_IF([test "x$dla_hardening" = x], [dla_hardening=" no"])
])

# DLA_HARDENING_TRY(FLAGS, VARIABLE): takes the flags if the compiler does.
AC_DEFUN([DLA_HARDENING_TRY], [
  AX_DLA_CFLAG([$1], [$2])
  AS_IF([test "x$$2" = xyes],
    [DLA_CFLAGS="$DLA_CFLAGS m4_bpatsubst([$1], [^-O2 ])"
     dla_hardening="$dla_hardening m4_bpatsubst([$1], [^.* ])"])
])

# DLA_HARDENING_LINK(FLAGS, VARIABLE, NAME): takes them for the variable if they link a program.
AC_DEFUN([DLA_HARDENING_LINK], [
  AC_MSG_CHECKING([whether $CC links with $1])
  dla_save_CFLAGS=$CFLAGS dla_save_LDFLAGS=$LDFLAGS
  CFLAGS="$CFLAGS -fPIE" LDFLAGS="$LDFLAGS $1" $2=
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [$2="$1"
    dla_hardening="$dla_hardening $3"])
  CFLAGS=$dla_save_CFLAGS LDFLAGS=$dla_save_LDFLAGS
  AC_MSG_RESULT([${$2:-no}])
  AC_SUBST([$2])
])
