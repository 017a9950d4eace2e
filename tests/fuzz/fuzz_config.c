/* Any bytes are a config or an error; a config's dump reads back to the same dump. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/load.h"
#include "config/read_yaml.h"

static void check(bool truth)
{
  if (!truth) abort();
}

static void check_round_trip(const dla_config *config)
{
  dla_strbuf first = {0}, second = {0};
  dla_config again;
  dla_error err = {0};
  dla_config_to_yaml(config, &first);
  check(dla_config_set_defaults(&again, &err) == DLA_OK);
  check(dla_config_read_yaml(&again, "dump", first.text, first.length, &err) == DLA_OK);
  dla_config_to_yaml(&again, &second);
  check(strcmp(first.text, second.text) == 0);
  dla_strbuf_free(&first);
  dla_strbuf_free(&second);
  dla_config_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  dla_config config;
  dla_error err = {0};
  check(dla_config_set_defaults(&config, &err) == DLA_OK);
  dla_status status = dla_config_read_yaml(&config, "fuzz", (const char *)data, size, &err);
  if (!status) check_round_trip(&config);
  check(status == DLA_OK || *err.what);
  dla_config_free(&config);
  return 0;
}
