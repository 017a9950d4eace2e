/* Names of trials: short, and valid as file names. */
#include <string.h>

#include "base/sha256.h"
#include "sweep/trials.h"

enum { MOST_LENGTH = 120, HASH_LENGTH = 8 };

static const char *last_part(const char *name)
{
  const char *dot = strrchr(name, '.');
  return dot ? dot + 1 : name;
}

/* The last part of the key, if no other parameter has the same last part. */
static const char *short_name(const dla_sweep *sweep, size_t parameter)
{
  const char *name = sweep->parameters[parameter].name;
  for (size_t i = 0; i < sweep->parameter_count; i++)
    if (i != parameter && strcmp(last_part(sweep->parameters[i].name), last_part(name)) == 0)
      return name;
  return last_part(name);
}

static void add_plain(const char *text, dla_strbuf *name)
{
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
  for (; *text; text++)
    dla_strbuf_append(name, strchr(plain, *text) ? text : "_", 1);
}

/* A name that was cut or changed ends in a digest, so that two trials never get the same name. */
static void add_digest(const dla_sweep *sweep, char *const *overrides, dla_strbuf *name)
{
  char digest[DLA_SHA256_TEXT];
  dla_strbuf all = {0};
  for (size_t i = 0; i < sweep->parameter_count; i++)
    dla_strbuf_printf(&all, "%s\n", overrides[i]);
  if (all.failed || dla_sha256(all.text, all.length, digest, NULL)) {
    name->failed = true;
  } else {
    if (name->length > MOST_LENGTH) name->length = MOST_LENGTH;
    dla_strbuf_printf(name, "-%.*s", HASH_LENGTH, digest);
  }
  dla_strbuf_free(&all);
}

void dla_trial_name(const dla_sweep *sweep, char *const *overrides, dla_strbuf *name)
{
  bool changed = false;
  for (size_t i = 0; i < sweep->parameter_count; i++) {
    const char *value = strchr(overrides[i], '=') + 1;
    dla_strbuf_printf(name, "%s%s=", i ? "," : "", short_name(sweep, i));
    size_t begin = name->length;
    add_plain(value, name);
    changed |= name->failed || strcmp(name->text + begin, value) != 0;
  }
  if (changed || name->length > MOST_LENGTH) add_digest(sweep, overrides, name);
}
