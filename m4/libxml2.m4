# DLA_LIBXML2: reads what S3 servers answer.
AC_DEFUN([DLA_LIBXML2], [
  PKG_CHECK_MODULES([XML], [libxml-2.0], [],
    [AC_MSG_ERROR([libxml2 was not found: it reads what S3 servers answer. On Debian: apt-get install libxml2-dev])])
])
