#include <string.h>

#include "config/config.h"
#include "config/schema.h"
#include "config/value.h"

/* Writes both values as YAML; equal values have equal texts. Returns false where there is no
 * memory. */
static bool write_both(const dla_config *from, const dla_config *to, const dla_key *key,
                       dla_strbuf *a, dla_strbuf *b)
{
  dla_value_write(from, key, a);
  dla_value_write(to, key, b);
  return !a->failed && !b->failed;
}

dla_status dla_config_compare(const dla_config *from, const dla_config *to,
                              dla_config_report *report, void *context, dla_error *err)
{
  dla_status status = DLA_OK;
  for (const dla_key *key = dla_keys; key < dla_keys + DLA_KEY_COUNT && !status; key++) {
    dla_strbuf a = {0}, b = {0};
    if (!write_both(from, to, key, &a, &b))
      status = dla_fail_memory(err, "the configuration");
    else if (strcmp(a.text, b.text) != 0)
      report(context, key->section, key->name, a.text, b.text);
    dla_strbuf_free(&a);
    dla_strbuf_free(&b);
  }
  return status;
}

dla_given dla_config_given(const dla_config *config, const char *section, const char *name)
{
  return (dla_given)config->given[dla_key_find(section, name) - dla_keys];
}
