# DLA_OPENMP: the one thread runtime of the process.
AC_DEFUN([DLA_OPENMP], [
  AC_OPENMP
  AS_IF([test "x$ac_cv_prog_c_openmp" = xunsupported],
    [AC_MSG_ERROR([the compiler $CC does not support OpenMP. On Debian: apt-get install gcc (for clang: libomp-dev)])])
])
