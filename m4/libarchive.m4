# DLA_LIBARCHIVE: reads dataset archives and PyTorch's checkpoints, and unpacks what is fetched.
AC_DEFUN([DLA_LIBARCHIVE], [
  PKG_CHECK_MODULES([ARCHIVE], [libarchive], [],
    [AC_MSG_ERROR([libarchive was not found: it reads dataset archives and PyTorch checkpoints, and unpacks what is fetched. On Debian: apt-get install libarchive-dev])])
])
