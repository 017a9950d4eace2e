/* Defaults, then the file, then the overrides. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "base/read_file.h"
#include "base/try.h"
#include "config/config.h"
#include "config/habits.h"
#include "config/load.h"
#include "config/places.h"
#include "config/read_yaml.h"
#include "config/schema.h"
#include "config/suggest.h"
#include "config/value.h"

enum { FILE_MAX = 1 << 20 };
_Static_assert((int)DLA_CONFIG_KEYS == (int)DLA_KEY_COUNT, "a config knows each key's origin");

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
  for (const dla_key *key = dla_keys; key < dla_keys + DLA_KEY_COUNT; key++) {
    if (!dla_key_owns_text(key)) continue;
    char *text = *(char **)((char *)config + key->offset);
    if (text && key->secrecy) explicit_bzero(text, strlen(text));
    free(text);
  }
  free(config->model.graph_text);
  free(config->file);
  *config = (dla_config){0};
}

/* People give the folder of their pictures, or the one that `dla-train new` made. */
static dla_status fail_folder(const char *path, dla_error *err)
{
  char hint[240];
  char *file = dla_join_path(path, "config.yaml");
  const bool has_config = file && access(file, F_OK) == 0;
  if (has_config)
    snprintf(hint, sizeof hint, "give %.200s", file);
  else
    snprintf(hint, sizeof hint,
             "give a config file; for a folder of pictures, dla-train new my-run --data=%.120s "
             "writes one",
             path);
  free(file);
  return dla_fail(err, DLA_E_INPUT, path, hint, "is a directory, not a file");
}

static dla_status load_file(dla_config *config, const char *path, dla_error *err)
{
  char *text;
  size_t length;
  struct stat info;
  if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) return fail_folder(path, err);
  TRY(dla_read_file(path, FILE_MAX, &text, &length, err));
  dla_status status = dla_config_read_yaml(config, path, text, length, err);
  if (stat(path, &info) || !(info.st_mode & (S_IRGRP | S_IROTH))) config->secret_exposed = false;
  explicit_bzero(text, length); /* it may hold secrets */
  free(text);
  return status;
}

static const char command_line[] =
    "command line"; /* `where` of an error; others have FILE:LINE there */

/* Ends the string at the separator, and returns what follows. */
static char *cut(char *separator)
{
  *separator = '\0';
  return separator + 1;
}

/* The value may be a secret: no error shows it, unless its key is known to hold none. */
static dla_status apply_parts(dla_config *config, char *copy, dla_error *err)
{
  char *equals = strchr(copy, '='), *value = equals ? cut(equals) : NULL;
  const dla_key *key;
  if (!value)
    return dla_fail(err, DLA_E_INPUT, command_line, "for example optimizer.lr=0.05",
                    "an override is section.key=value");
  if (*copy && dla_section_find(copy)) {
    char hint[sizeof err->hint] = "an override is section.key=value";
    const dla_habit *habit = dla_habit_find(NULL, copy);
    if (habit) dla_habit_hint(habit, hint, sizeof hint);
    return dla_fail(err, DLA_E_INPUT, command_line, hint, "'%s' is a section, not a key", copy);
  }
  TRY(dla_key_named(copy, command_line, &key, err));
  dla_written written = {value, DLA_STYLE_OVERRIDE, command_line};
  config->given[key - dla_keys] = DLA_GIVEN_ON_COMMAND_LINE;
  return dla_value_read(config, key, &written, err);
}

static dla_status apply_override(dla_config *config, const char *override, dla_error *err)
{
  char *copy = strdup(override);
  if (!copy) return dla_fail_memory(err, "an override");
  const size_t length = strlen(copy);
  dla_status status = apply_parts(config, copy, err);
  explicit_bzero(copy, length); /* it may hold a secret */
  free(copy);
  return status;
}

/* Checks keys that belong together. */
static dla_status check_pairs(const dla_config *config, const char *path, dla_error *err)
{
  const dla_random_crop *crop = &config->augment.random_crop;
  if (crop->scale_min > crop->scale_max)
    return dla_fail(err, DLA_E_INPUT, path, NULL,
                    "augment.scale_min: %g is above augment.scale_max: %g", crop->scale_min,
                    crop->scale_max);
  if (crop->ratio_min > crop->ratio_max)
    return dla_fail(err, DLA_E_INPUT, path, NULL,
                    "augment.ratio_min: %g is above augment.ratio_max: %g", crop->ratio_min,
                    crop->ratio_max);
  if (config->holds_variables) return DLA_OK; /* variables may be empty */
  if (config->dataset.val[0] && !config->dataset.train[0])
    return dla_fail(err, DLA_E_INPUT, path, "give dataset.train, too",
                    "dataset.val: it goes with dataset.train");
  if (config->dataset.path[0] && config->dataset.train[0])
    return dla_fail(err, DLA_E_INPUT, path, "keep one, and leave the other out",
                    "dataset: is only one of path and train");
  return DLA_OK;
}

/* Checks what concerns more than one key. */
static dla_status check_together(const dla_config *config, const char *path, dla_error *err)
{
  const dla_optimizer *optimizer = dla_config_optimizer(config);
  const dla_update_numbers numbers = dla_config_update(config, config->optimizer.lr);
  if (config->model.classes == 1)
    return dla_fail(err, DLA_E_INPUT, path, "give 2 or more, or leave it out",
                    "model.classes: one class is nothing to tell apart");
  dla_status status = optimizer->check ? optimizer->check(&numbers, path, err) : DLA_OK;
  if (!status) status = check_pairs(config, path, err);
  if (status || config->holds_variables) return status;
  return dla_config_check_places(config, path, err);
}

/* input.dir is the place of the images, unless dataset.path is given. */
static dla_status take_input_dir(dla_config *config, dla_error *err)
{
  if (config->dataset.path[0] || config->dataset.train[0] || !config->input.dir[0]) return DLA_OK;
  return dla_text_set(&config->dataset.path, config->input.dir, "a file name", err);
}

dla_status dla_config_load(dla_config *config, const dla_config_layers *layers, dla_error *err)
{
  dla_status status = dla_config_set_defaults(config, err);
  if (status) return status;
  config->folders = layers->folders;
  config->variables_later = layers->variables_later;
  if (layers->path) status = dla_text_set(&config->file, layers->path, "a file name", err);
  if (!status && layers->text)
    status = dla_config_read_yaml(config, layers->path, layers->text, strlen(layers->text), err);
  else if (!status && layers->path)
    status = load_file(config, layers->path, err);
  for (int i = 0; i < layers->override_count && !status; i++)
    status = apply_override(config, layers->overrides[i], err);
  /* A later checkpoint.in=... names another file, which must exist. */
  config->checkpoint.in_may_be_missing = !status && layers->may_be_missing &&
                                         strcmp(layers->may_be_missing, config->checkpoint.in) == 0;
  if (!status) dla_config_settle_optimizer(config);
  if (!status) status = check_together(config, layers->path, err);
  if (!status) status = take_input_dir(config, err);
  if (status) dla_config_free(config);
  return status;
}

/* Whether the key is taken from `over`. Keys that say where something is, or how to reach it,
 * belong together and come from one source. */
static bool is_of(const dla_config *over, const dla_key *key)
{
  return over->given[key - dla_keys] != DLA_GIVEN_NOWHERE || dla_config_has_place_of(over, key);
}

dla_status dla_config_merge(const dla_config *under, const dla_config *over, const char *name,
                            dla_config *config, dla_error *err)
{
  dla_status status = dla_config_set_defaults(config, err);
  if (status) return status;
  for (size_t i = 0; i < DLA_KEY_COUNT && !status; i++)
    status = dla_value_copy(is_of(over, &dla_keys[i]) ? over : under, config, &dla_keys[i], err);
  memcpy(config->given, over->given, sizeof config->given);
  config->checkpoint.in_may_be_missing = over->checkpoint.in_may_be_missing;
  config->secret_exposed = over->secret_exposed;
  config->folders = over->folders;
  if (!status) status = check_together(config, name, err);
  if (!status) status = take_input_dir(config, err);
  if (status) dla_config_free(config);
  return status;
}
