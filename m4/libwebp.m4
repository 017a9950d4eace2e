# DLA_LIBWEBP: reads WebP pictures. --without-webp builds without it.
AC_DEFUN([DLA_LIBWEBP], [
  AC_ARG_WITH([webp],
    [AS_HELP_STRING([--without-webp], [do not read WebP pictures])], [], [with_webp=yes])
  AS_IF([test "x$with_webp" != xno], [
    PKG_CHECK_MODULES([WEBP], [libwebp], [],
      [AC_MSG_ERROR([libwebp was not found: it reads WebP pictures. On Debian: apt-get install libwebp-dev; or configure --without-webp])])
    AC_DEFINE([HAVE_WEBP], [1], [WebP pictures are read.])
    dla_pictures="$dla_pictures WebP"
  ])
])
