# DLA_LIBCURL: HTTP and S3. 7.75 brought CURLOPT_AWS_SIGV4, 7.85 the protocol lists as text, and 7.86
# the signing of a query.
AC_DEFUN([DLA_LIBCURL], [
  PKG_CHECK_MODULES([CURL], [libcurl >= 7.86], [],
    [AC_MSG_ERROR([libcurl 7.86 or later was not found: it fetches inputs and pushes outputs over HTTP and S3. On Debian: apt-get install libcurl4-openssl-dev])])
])
