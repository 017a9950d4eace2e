# DLA_LIBCRYPTO: computes checksums: of checkpoints, and of what is moved.
AC_DEFUN([DLA_LIBCRYPTO], [
  PKG_CHECK_MODULES([CRYPTO], [libcrypto], [],
    [AC_MSG_ERROR([libcrypto was not found: it computes checksums: of checkpoints, and of what is moved. On Debian: apt-get install libssl-dev])])
])
