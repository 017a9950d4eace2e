# DLA_OPENBLAS: a backend for machines without oneDNN. It loads the library when it computes, so
# that neither headers nor linking are needed; here is only asked whether it is there.
AC_DEFUN([DLA_OPENBLAS], [
  AC_ARG_WITH([openblas],
    [AS_HELP_STRING([--with-openblas=auto|yes|no],
      [build the OpenBLAS backend: if the library is here (default), in any case, or not])],
    [], [with_openblas=auto])
  dla_save_LIBS=$LIBS
  LIBS=
  AC_SEARCH_LIBS([dlopen], [dl])
  DL_LIBS=$LIBS
  AC_MSG_CHECKING([whether libopenblas.so.0 loads])
  AC_RUN_IFELSE([AC_LANG_PROGRAM([[#include <dlfcn.h>]],
      [[void *handle = dlopen("libopenblas.so.0", RTLD_NOW);
        return !handle || !dlsym(handle, "openblas_get_corename");]])],
    [dla_have_openblas=yes], [dla_have_openblas=no], [dla_have_openblas=no])
  AC_MSG_RESULT([$dla_have_openblas])
  LIBS=$dla_save_LIBS
  AS_CASE([$with_openblas],
    [yes|no], [],
    [auto], [with_openblas=$dla_have_openblas],
    [AC_MSG_ERROR([--with-openblas takes auto, yes or no, not $with_openblas])])
  AS_IF([test "x$with_openblas" = xyes], [
    AC_DEFINE([HAVE_OPENBLAS], [1], [The OpenBLAS backend is built.])
    dla_backends="$dla_backends openblas"
    dla_openblas_summary="yes, the library is here"
    AS_IF([test "x$dla_have_openblas" = xno],
      [dla_openblas_summary="yes; it needs the library (Debian: libopenblas0-pthread)"])
  ], [dla_openblas_summary="no (Debian: libopenblas0-pthread)"])
  AC_SUBST([DL_LIBS])
  AM_CONDITIONAL([HAVE_OPENBLAS], [test "x$with_openblas" = xyes])
])
