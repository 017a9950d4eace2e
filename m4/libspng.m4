# DLA_LIBSPNG: reads PNG pictures. --without-png builds without it.
AC_DEFUN([DLA_LIBSPNG], [
  AC_ARG_WITH([png],
    [AS_HELP_STRING([--without-png], [do not read PNG pictures])], [], [with_png=yes])
  AS_IF([test "x$with_png" != xno], [
    PKG_CHECK_MODULES([SPNG], [spng], [],
      [AC_MSG_ERROR([libspng was not found: it reads PNG pictures. On Debian: apt-get install libspng-dev; or configure --without-png])])
    AC_DEFINE([HAVE_SPNG], [1], [PNG pictures are read.])
    dla_pictures="$dla_pictures PNG"
  ])
])
