# DLA_LIBCURL: HTTP and S3. 7.85 brought the protocol lists as text.
AC_DEFUN([DLA_LIBCURL], [
  PKG_CHECK_MODULES([CURL], [libcurl >= 7.85], [],
    [AC_MSG_ERROR([libcurl 7.85 or later was not found: it fetches inputs and pushes outputs over HTTP and S3. On Debian: apt-get install libcurl4-openssl-dev])])
])
