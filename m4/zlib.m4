# DLA_ZLIB: reads gzipped files.
AC_DEFUN([DLA_ZLIB], [
  PKG_CHECK_MODULES([ZLIB], [zlib], [],
    [AC_MSG_ERROR([zlib was not found: it reads gzipped files. On Debian: apt-get install zlib1g-dev])])
])
