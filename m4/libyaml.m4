# DLA_LIBYAML: reads config files and layer-graph files.
AC_DEFUN([DLA_LIBYAML], [
  PKG_CHECK_MODULES([YAML], [yaml-0.1], [],
    [AC_MSG_ERROR([yaml-0.1 was not found: it reads config files and layer-graph files. On Debian: apt-get install libyaml-dev])])
])
