# DLA_SIMD: which instruction sets the vector kernels are compiled for, beside plain C. One source
# is compiled once a level; the level is chosen when the program runs.
AC_DEFUN([DLA_SIMD], [
  AX_DLA_CFLAG([-mavx2 -mfma], [dla_have_avx2])
  AX_DLA_CFLAG([-mavx512f -mavx512bw -mavx512vl -mavx512dq -mfma -mprefer-vector-width=512], [dla_have_avx512])
  AX_DLA_CFLAG([-mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx512bf16], [dla_have_avx512_bf16])
  AC_CHECK_DECL([__aarch64__], [dla_have_neon=yes], [dla_have_neon=no], [])
  dla_simd_levels="generic"
  # What is fuzzed computes nothing, and clang takes a while for instrumented kernels.
  AS_IF([test "x$enable_fuzz" = xyes], [dla_have_avx2=no dla_have_avx512=no])
  AS_IF([test "x$dla_have_avx512" != xyes], [dla_have_avx512_bf16=no])
  AS_IF([test "x$dla_have_neon" = xyes], [
    dla_simd_levels="$dla_simd_levels neon"
    AC_DEFINE([HAVE_KERNELS_NEON], [1], [Vector kernels for NEON are built.])])
  AS_IF([test "x$dla_have_avx2" = xyes], [
    dla_simd_levels="$dla_simd_levels avx2"
    AC_DEFINE([HAVE_KERNELS_AVX2], [1], [Vector kernels for AVX2 are built.])])
  AS_IF([test "x$dla_have_avx512" = xyes], [
    dla_simd_levels="$dla_simd_levels avx512"
    AC_DEFINE([HAVE_KERNELS_AVX512], [1], [Vector kernels for AVX-512 are built.])])
  AS_IF([test "x$dla_have_avx512_bf16" = xyes], [
    dla_simd_levels="$dla_simd_levels avx512_bf16"
    AC_DEFINE([HAVE_KERNELS_AVX512_BF16], [1], [Vector kernels for AVX-512 with bfloat16 are built.])])
  AM_CONDITIONAL([HAVE_KERNELS_NEON], [test "x$dla_have_neon" = xyes])
  AM_CONDITIONAL([HAVE_KERNELS_AVX2], [test "x$dla_have_avx2" = xyes])
  AM_CONDITIONAL([HAVE_KERNELS_AVX512], [test "x$dla_have_avx512" = xyes])
  AM_CONDITIONAL([HAVE_KERNELS_AVX512_BF16], [test "x$dla_have_avx512_bf16" = xyes])
])

# AX_DLA_CFLAG(FLAGS, VARIABLE): VARIABLE=yes when the compiler takes FLAGS.
AC_DEFUN([AX_DLA_CFLAG], [
  AC_MSG_CHECKING([whether $CC accepts $1])
  dla_save_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS $1 -Werror"
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])], [$2=yes], [$2=no])
  CFLAGS=$dla_save_CFLAGS
  AC_MSG_RESULT([$$2])
])
