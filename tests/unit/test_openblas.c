/* How OpenBLAS is helped to its core; and that loading it leaves the environment as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backend/openblas/core.h"
#include "backend/openblas/library.h"

static const char *core_of(openblas_features features)
{
  return openblas_choose_core(&features);
}

static void the_core_follows_the_instruction_sets(void **state)
{
  (void)state;
  assert_null(core_of((openblas_features){0}));
  assert_null(core_of((openblas_features){.amd = true}));
  assert_string_equal(core_of((openblas_features){.avx2_fma = true}), "Haswell");
  assert_string_equal(core_of((openblas_features){.amd = true, .avx2_fma = true}), "Zen");
  assert_string_equal(core_of((openblas_features){.avx2_fma = true, .avx512 = true}), "SkylakeX");
  assert_string_equal(
      core_of((openblas_features){.avx2_fma = true, .avx512 = true, .avx512_bf16 = true}),
      "Cooperlake");
  assert_string_equal(core_of((openblas_features){true, true, true, true, false}), "Cooperlake");
  assert_string_equal(core_of((openblas_features){.held = true}), "Prescott");
}

static void load(openblas_library *library)
{
  dla_error err = {0};
  dla_isa isa = DLA_ISA_GENERIC;
  dla_status status = dla_isa_choose(&isa, &err);
  if (!status) status = openblas_load(library, isa, &err);
  if (status) fail_msg("%s: %s", err.where, err.what);
}

static void loading_sets_no_variable(void **state)
{
  (void)state;
  openblas_library library;
  unsetenv("OPENBLAS_CORETYPE");
  setenv("OPENBLAS_NUM_THREADS", "3", 1);
  load(&library);
  assert_null(getenv("OPENBLAS_CORETYPE"));
  assert_string_equal(getenv("OPENBLAS_NUM_THREADS"), "3");
  dla_error err = {0};
  dla_isa isa = DLA_ISA_GENERIC;
  assert_int_equal(dla_isa_choose(&isa, &err), DLA_OK);
  openblas_features features = openblas_detect_features(isa);
  const char *chosen = openblas_choose_core(&features);
  if (chosen) assert_string_equal(library.core, chosen);
  assert_int_equal(strncmp(library.version, "OpenBLAS ", 9), 0);
  openblas_unload(&library);
}

static void the_users_core_is_left_alone(void **state)
{
  (void)state;
#ifndef __x86_64__
  skip();
#endif
  openblas_library library;
  setenv("OPENBLAS_CORETYPE", "Nehalem", 1); /* SSE 4.2: runs wherever the tests do */
  load(&library);
  assert_string_equal(library.core, "Nehalem");
  assert_string_equal(getenv("OPENBLAS_CORETYPE"), "Nehalem");
  openblas_unload(&library);
  unsetenv("OPENBLAS_CORETYPE");
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_core_follows_the_instruction_sets),
                                     cmocka_unit_test(loading_sets_no_variable),
                                     cmocka_unit_test(the_users_core_is_left_alone)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
