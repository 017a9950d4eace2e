/* Shared by the readers of a sweep file. */
#include "sweep/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "base/number.h"
#include "base/try.h"

enum { MOST_COUNT = 1000000 };

static dla_status read_count(dla_sweep_reader *r, const yaml_node_t *node, int64_t least,
                             int64_t *value)
{
  const char *text = dla_yaml_text(node);
  if (text && dla_integer_read(text, value) && *value >= least && *value <= MOST_COUNT)
    return DLA_OK;
  return dla_yaml_fail(&r->yaml, node, NULL, "'%s' must be a whole number from %lld to %d", r->key,
                       (long long)least, MOST_COUNT);
}

static dla_status read_text(dla_sweep_reader *r, const yaml_node_t *node, char **text)
{
  const char *found = dla_yaml_text(node);
  if (!found || !*found)
    return dla_yaml_fail(&r->yaml, node, NULL, "'%s' must be a single value", r->key);
  return dla_text_set(text, found, "the sweep", r->yaml.err);
}

dla_status dla_sweep_read_mapping(dla_sweep_reader *r, const dla_sweep_entry *entries,
                                  const char *what, const yaml_node_t *node, void *to)
{
  const char *name;
  TRY(dla_yaml_check_mapping(&r->yaml, node, what));
  for (size_t i = 0; (name = dla_yaml_key(&r->yaml, node, i)); i++) {
    char hint[80];
    dla_closest closest = dla_closest_to(name);
    const dla_sweep_entry *entry = entries;
    for (; entry->name && strcmp(entry->name, name) != 0; entry++)
      dla_closest_offer(&closest, entry->name);
    dla_closest_hint(&closest, "", r->yaml.kind->manual, hint, sizeof hint);
    if (!entry->name)
      return dla_yaml_fail(&r->yaml, dla_yaml_key_node(&r->yaml, node, i), hint,
                           "%s has no key '%.80s'", what, name);
    r->key = name;
    const yaml_node_t *value = dla_yaml_value(&r->yaml, node, i);
    void *field = (char *)to + entry->offset;
    TRY(entry->read                      ? entry->read(r, value, to)
        : entry->least == DLA_SWEEP_TEXT ? read_text(r, value, field)
                                         : read_count(r, value, entry->least, field));
  }
  return DLA_OK;
}
