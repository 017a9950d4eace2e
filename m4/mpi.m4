# DLA_MPI: data-parallel training on several processes and hosts; used when it is found. Open MPI
# comes with pkg-config files. Only src/dist sees it.
AC_DEFUN([DLA_MPI], [
  AC_ARG_WITH([mpi],
    [AS_HELP_STRING([--with-mpi], [train on several ranks over MPI (default: if it is found)])],
    [], [with_mpi=auto])
  dla_mpi_summary=no
  AS_IF([test "x$with_mpi" != xno], [
    PKG_CHECK_MODULES([MPI], [ompi-c], [
      AC_DEFINE([HAVE_MPI], [1], [Several ranks can train together.])
      dla_mpi_summary="Open MPI `$PKG_CONFIG --modversion ompi-c`"
    ], [AS_IF([test "x$with_mpi" = xyes],
      [AC_MSG_ERROR([Open MPI was not found. On Debian: apt-get install libopenmpi-dev])])])
  ])
  AM_CONDITIONAL([HAVE_MPI], [test "x$dla_mpi_summary" != xno])
])
