# DLA_LIBJPEG: reads JPEG pictures. --without-jpeg builds without it.
AC_DEFUN([DLA_LIBJPEG], [
  AC_ARG_WITH([jpeg],
    [AS_HELP_STRING([--without-jpeg], [do not read JPEG pictures])], [], [with_jpeg=yes])
  AS_IF([test "x$with_jpeg" != xno], [
    PKG_CHECK_MODULES([JPEG], [libjpeg], [],
      [AC_MSG_ERROR([libjpeg was not found: it reads JPEG pictures. On Debian: apt-get install libjpeg62-turbo-dev; or configure --without-jpeg])])
    # Parts of a picture are decoded with functions that only libjpeg-turbo has.
    AC_CHECK_LIB([jpeg], [jpeg_crop_scanline], [],
      [AC_MSG_ERROR([this libjpeg is not libjpeg-turbo 1.5 or later. On Debian: apt-get install libjpeg62-turbo-dev; or configure --without-jpeg])], [$JPEG_LIBS])
    AC_DEFINE([HAVE_JPEG], [1], [JPEG pictures are read.])
    dla_pictures="$dla_pictures JPEG"
  ])
])
