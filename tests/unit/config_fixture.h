/* What the config tests share: load from text, and expect values and errors. */
#ifndef DLA_TESTS_CONFIG_FIXTURE_H
#define DLA_TESTS_CONFIG_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/config.h"
#include "config/load.h"
#include "config/read_yaml.h"

/* Reads length bytes of YAML named c.yaml over the defaults. */
static inline dla_status read_bytes(dla_config *config, const char *yaml, size_t length,
                                    dla_error *err)
{
  assert_int_equal(dla_config_set_defaults(config, err), DLA_OK);
  dla_status status = dla_config_read_yaml(config, "c.yaml", yaml, length, err);
  if (status) dla_config_free(config);
  return status;
}

static inline void expect_error(const dla_error *err, const char *where, const char *what,
                                const char *hint)
{
  assert_int_equal(err->status, DLA_E_INPUT);
  assert_string_equal(err->where, where);
  assert_string_equal(err->what, what);
  assert_string_equal(err->hint, hint);
}

/* The YAML is refused with exactly this error. */
static inline void expect_refused(const char *yaml, const char *where, const char *what,
                                  const char *hint)
{
  dla_config config;
  dla_error err = {0};
  assert_int_equal(read_bytes(&config, yaml, strlen(yaml), &err), DLA_E_INPUT);
  expect_error(&err, where, what, hint);
}

/* The YAML is read; the caller frees the config. */
static inline dla_config expect_read(const char *yaml)
{
  dla_config config;
  dla_error err = {0};
  if (read_bytes(&config, yaml, strlen(yaml), &err)) fail_msg("%s: %s", err.where, err.what);
  return config;
}

/* One override over the defaults. */
static inline dla_status load_override(dla_config *config, const char *override, dla_error *err)
{
  char *overrides[] = {(char *) override};
  return dla_config_load(config, &(dla_config_layers){.overrides = overrides, .override_count = 1},
                         err);
}

#endif
