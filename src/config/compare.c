#include <string.h>

#include "config/config.h"
#include "config/schema.h"
#include "config/value.h"

dla_status dla_config_compare(const dla_config *from, const dla_config *to,
                              dla_config_report *report, void *context, dla_error *err)
{
  dla_status status = DLA_OK;
  for (const dla_key *key = dla_keys; key < dla_keys + DLA_KEY_COUNT && !status; key++) {
    dla_strbuf a = {0}, b = {0};
    dla_value_write(from, key, &a);
    dla_value_write(to, key, &b);
    if (a.failed || b.failed)
      status = dla_fail_memory(err, "the configuration");
    else if (strcmp(a.text, b.text) != 0)
      report(context, key->section, key->name, a.text, b.text);
    dla_strbuf_free(&a);
    dla_strbuf_free(&b);
  }
  return status;
}
