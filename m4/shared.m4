# DLA_SHARED: libdla.so for other programs, beside dla-train; not under sanitizers and in fuzzing, which want to own
# the program. One compilation serves both: -fno-semantic-interposition keeps -fPIC from costing speed.
AC_DEFUN([DLA_SHARED], [
  AC_ARG_ENABLE([shared],
    [AS_HELP_STRING([--disable-shared], [build no libdla.so, which other programs can use])])
  AS_IF([test "x$dla_sanitize" != xno || test "x$enable_fuzz" = xyes], [enable_shared=no])
  dla_shared_summary=libdla.so
  AS_IF([test "x$enable_shared" = xno], [dla_shared_summary=no], [
    DLA_CFLAGS="$DLA_CFLAGS -fPIC"
    AX_DLA_CFLAG([-fno-semantic-interposition], [dla_have_no_interposition])
    AS_IF([test "x$dla_have_no_interposition" = xyes],
      [DLA_CFLAGS="$DLA_CFLAGS -fno-semantic-interposition"])
  ])
  AM_CONDITIONAL([SHARED], [test "x$enable_shared" != xno])
])
