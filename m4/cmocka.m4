# DLA_CMOCKA: runs the unit tests; without it `make check` says so and skips them.
AC_DEFUN([DLA_CMOCKA], [
  PKG_CHECK_MODULES([CMOCKA], [cmocka],
    [dla_have_cmocka=yes; dla_cmocka_summary="yes (cmocka)"],
    [dla_have_cmocka=no
     dla_cmocka_summary="no: cmocka was not found. On Debian: apt-get install libcmocka-dev"])
  AM_CONDITIONAL([HAVE_CMOCKA], [test "x$dla_have_cmocka" = xyes])
])
