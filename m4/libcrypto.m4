# DLA_LIBCRYPTO: computes the SHA-256 of checkpoints.
AC_DEFUN([DLA_LIBCRYPTO], [
  PKG_CHECK_MODULES([CRYPTO], [libcrypto], [],
    [AC_MSG_ERROR([libcrypto was not found: it computes the SHA-256 of checkpoints. On Debian: apt-get install libssl-dev])])
])
