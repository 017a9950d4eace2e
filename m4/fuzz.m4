# DLA_FUZZ: --enable-fuzz builds the libFuzzer targets; needs clang and its run-time library.
AC_DEFUN([DLA_FUZZ], [
  AC_ARG_ENABLE([fuzz],
    [AS_HELP_STRING([--enable-fuzz], [build the libFuzzer targets (needs CC=clang)])])
  dla_fuzz_summary=no
  AS_IF([test "x$enable_fuzz" = xyes], [
    AX_DLA_CFLAG([-fsanitize=fuzzer-no-link], [dla_have_fuzzer])
    AS_IF([test "x$dla_have_fuzzer" != xyes],
      [AC_MSG_ERROR([$CC has no libFuzzer. On Debian: apt-get install clang libclang-rt-14-dev, and configure CC=clang])])
    DLA_CFLAGS="$DLA_CFLAGS -fsanitize=fuzzer-no-link"
    dla_fuzz_summary=yes
  ])
  AM_CONDITIONAL([ENABLE_FUZZ], [test "x$enable_fuzz" = xyes])
])
