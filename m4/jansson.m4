# DLA_JANSSON: parses the JSON header of safetensors files.
AC_DEFUN([DLA_JANSSON], [
  PKG_CHECK_MODULES([JANSSON], [jansson], [],
    [AC_MSG_ERROR([jansson was not found: it parses the JSON header of safetensors files. On Debian: apt-get install libjansson-dev])])
])
