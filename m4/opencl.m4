# DLA_OPENCL: a backend for GPUs. It loads OpenCL and CLBlast when it computes; only their headers
# are needed to build it.
AC_DEFUN([DLA_OPENCL], [
  AC_ARG_WITH([opencl],
    [AS_HELP_STRING([--with-opencl=auto|yes|no],
      [build the OpenCL backend: if headers, libraries and a device are here (default), in any case, or not])],
    [], [with_opencl=auto])
  AS_CASE([$with_opencl], [auto|yes|no], [],
    [AC_MSG_ERROR([--with-opencl takes auto, yes or no, not $with_opencl])])
  dla_opencl_summary="no (Debian: libclblast-dev opencl-headers, and a driver or pocl-opencl-icd)"
  AS_IF([test "x$with_opencl" != xno], [
    AC_CHECK_HEADERS([CL/cl.h clblast_c.h], [], [dla_opencl_headers=no],
      [[#define CL_TARGET_OPENCL_VERSION 120]])
    dla_save_LIBS=$LIBS
    LIBS="$DL_LIBS"
    AC_MSG_CHECKING([whether OpenCL and CLBlast load, and have a platform])
    AC_RUN_IFELSE([AC_LANG_PROGRAM([[#include <dlfcn.h>
        typedef int platforms(unsigned, void *, unsigned *);]],
        [[void *opencl = dlopen("libOpenCL.so.1", RTLD_NOW);
          if (!opencl || !dlopen("libclblast.so.1", RTLD_NOW)) return 1;
          unsigned count = 0;
          platforms *get = (platforms *)dlsym(opencl, "clGetPlatformIDs");
          return !get || get(0, 0, &count) || count == 0;]])],
      [dla_have_opencl=yes], [dla_have_opencl=no], [dla_have_opencl=no])
    AC_MSG_RESULT([$dla_have_opencl])
    LIBS=$dla_save_LIBS
    AS_IF([test "x$with_opencl:$dla_opencl_headers" = xyes:no],
      [AC_MSG_ERROR([--with-opencl=yes needs CL/cl.h and clblast_c.h. On Debian: apt-get install opencl-headers libclblast-dev])])
    AS_IF([test "x$with_opencl" = xauto],
      [AS_IF([test "x$dla_opencl_headers" = xno], [with_opencl=no], [with_opencl=$dla_have_opencl])])
  ])
  AS_IF([test "x$with_opencl" = xyes], [
    AC_DEFINE([HAVE_OPENCL], [1], [The OpenCL backend is built.])
    dla_backends="$dla_backends opencl"
    dla_opencl_summary="yes, a platform is here"
    AS_IF([test "x$dla_have_opencl" = xno],
      [dla_opencl_summary="yes; it needs libclblast1 and a driver (Debian: pocl-opencl-icd)"])
  ])
  AM_CONDITIONAL([HAVE_OPENCL], [test "x$with_opencl" = xyes])
])
