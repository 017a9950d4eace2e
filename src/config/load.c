/* Defaults, then the file, then the overrides. */
#include <stdlib.h>
#include <string.h>

#include "base/read_file.h"
#include "config/config.h"
#include "config/load.h"
#include "config/read_yaml.h"
#include "config/schema.h"
#include "config/suggest.h"
#include "config/value.h"

enum { FILE_MAX = 1 << 20 };

dla_status dla_config_set_defaults(dla_config *config, dla_error *err)
{
  *config = (dla_config){0};
  dla_status status = DLA_OK;
  for (size_t i = 0; i < DLA_KEY_COUNT && !status; i++) {
    dla_written written = {dla_keys[i].fallback, DLA_STYLE_OVERRIDE, "the default"};
    status = dla_value_read(config, &dla_keys[i], &written, err);
  }
  if (status) dla_config_free(config);
  return status;
}

void dla_config_free(dla_config *config)
{
  for (size_t i = 0; i < DLA_KEY_COUNT; i++)
    if (dla_keys[i].type == DLA_KEY_STRING) free(*(char **)((char *)config + dla_keys[i].offset));
  *config = (dla_config){0};
}

static dla_status load_file(dla_config *config, const char *path, dla_error *err)
{
  char *text;
  size_t length;
  dla_status status = dla_read_file(path, FILE_MAX, &text, &length, err);
  if (status) return status;
  status = dla_config_read_yaml(config, path, text, length, err);
  free(text);
  return status;
}

static const char command_line[] =
    "command line"; /* where an error is, as FILE:LINE is elsewhere */

/* Ends the string at the first `separator` and returns what follows, or NULL if there is none. */
static char *cut(char *text, char separator)
{
  char *found = strchr(text, separator);
  if (!found) return NULL;
  *found = '\0';
  return found + 1;
}

static dla_status apply_parts(dla_config *config, const char *override, char *copy, dla_error *err)
{
  char *value = cut(copy, '='), *name = cut(copy, '.');
  if (!value)
    return dla_fail(err, DLA_E_INPUT, override, "for example optimizer.lr=0.05",
                    "an override is section.key=value");
  const dla_section *section = dla_section_find(copy);
  if (!section) return dla_unknown_section(copy, command_line, err);
  if (!name)
    return dla_fail(err, DLA_E_INPUT, override, "an override is section.key=value",
                    "'%s' is a section, not a key", copy);
  const dla_key *key = dla_key_find(copy, name);
  if (!key) return dla_unknown_key(section, name, command_line, err);
  dla_written written = {value, DLA_STYLE_OVERRIDE, command_line};
  return dla_value_read(config, key, &written, err);
}

static dla_status apply_override(dla_config *config, const char *override, dla_error *err)
{
  char *copy = strdup(override);
  if (!copy) return dla_fail_memory(err, "an override");
  dla_status status = apply_parts(config, override, copy, err);
  free(copy);
  return status;
}

/* What no single key can tell. */
static dla_status check_together(const dla_config *config, const char *path, dla_error *err)
{
  if (config->optimizer.nesterov && config->optimizer.momentum == 0)
    return dla_fail(err, DLA_E_INPUT, path, "set optimizer.momentum, or nesterov to false",
                    "optimizer.nesterov: needs a momentum above 0");
  return DLA_OK;
}

dla_status dla_config_load(dla_config *config, const dla_config_layers *layers, dla_error *err)
{
  dla_status status = dla_config_set_defaults(config, err);
  if (status) return status;
  if (layers->base)
    status =
        dla_config_read_yaml(config, layers->base_name, layers->base, strlen(layers->base), err);
  if (!status && layers->text)
    status = dla_config_read_yaml(config, layers->path, layers->text, strlen(layers->text), err);
  else if (!status && layers->path)
    status = load_file(config, layers->path, err);
  for (int i = 0; i < layers->override_count && !status; i++)
    status = apply_override(config, layers->overrides[i], err);
  if (!status) status = check_together(config, layers->path, err);
  if (status) dla_config_free(config);
  return status;
}
