# DLA_ONEDNN: the default backend. API v2 (2.6, Debian 12) and v3 (3.7, Debian 13) both work; only
# src/backend/onednn/dnnl_api.c knows which one it is. oneDNN installs no pkg-config file.
AC_DEFUN([DLA_ONEDNN], [
  AC_ARG_WITH([onednn],
    [AS_HELP_STRING([--without-onednn], [build without the oneDNN backend])], [], [with_onednn=yes])
  dla_onednn_summary=no
  AS_IF([test "x$with_onednn" != xno], [
    AC_CHECK_HEADER([oneapi/dnnl/dnnl.h], [],
      [AC_MSG_ERROR([oneDNN was not found. On Debian: apt-get install libdnnl-dev; or configure --without-onednn])])
    dla_save_LIBS=$LIBS
    AC_CHECK_LIB([dnnl], [dnnl_version], [DNNL_LIBS=-ldnnl],
      [AC_MSG_ERROR([libdnnl does not link. On Debian: apt-get install libdnnl-dev])])
    LIBS=$dla_save_LIBS
    AC_DEFINE([HAVE_ONEDNN], [1], [The oneDNN backend is built.])
    dla_backends="$dla_backends onednn"
    AC_COMPUTE_INT([dla_dnnl_major], [DNNL_VERSION_MAJOR], [#include <oneapi/dnnl/dnnl.h>])
    AC_COMPUTE_INT([dla_dnnl_minor], [DNNL_VERSION_MINOR], [#include <oneapi/dnnl/dnnl.h>])
    dla_onednn_summary="$dla_dnnl_major.$dla_dnnl_minor"
  ])
  AC_SUBST([DNNL_LIBS])
  AM_CONDITIONAL([HAVE_ONEDNN], [test "x$with_onednn" != xno])
])
