/* The one table of configuration keys. Reading, checking, overrides, help, docs/config.md, the
 * JSON Schema and the YAML dump all follow it: a new key is a field of dla_config and a row in
 * schema.c. */
#ifndef DLA_CONFIG_SCHEMA_H
#define DLA_CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

typedef enum dla_key_type {
  DLA_KEY_STRING,  /* char *; with choices: only these */
  DLA_KEY_INTEGER, /* int64_t */
  DLA_KEY_NUMBER,  /* double */
  DLA_KEY_BOOLEAN, /* bool */
  DLA_KEY_CHOICE   /* an enum whose values index choices */
} dla_key_type;

/* A double holds every integer limit of ours exactly, so both number types share it. */
typedef struct dla_range {
  double min, max;
  bool above_min, below_max; /* the limit itself is excluded */
} dla_range;

typedef struct dla_key {
  const char *section, *name;
  dla_key_type type;
  size_t offset;              /* of the field in dla_config */
  const char *fallback;       /* the default, as it is written in YAML (without quotes) */
  dla_range range;            /* integers and numbers */
  const char *const *choices; /* ends with NULL */
  const char *doc;            /* one line, with the unit */
} dla_key;

typedef struct dla_section {
  const char *name, *doc;
} dla_section;

enum { DLA_KEY_COUNT = 42, DLA_SECTION_COUNT = 10 };
extern const dla_key dla_keys[DLA_KEY_COUNT];
extern const dla_section dla_sections[DLA_SECTION_COUNT];

enum { DLA_STRING_MAX = 4095 }; /* bytes, after expansion: as long as a path may be */

/* NULL where there is no such section or key. */
const dla_section *dla_section_find(const char *name);
const dla_key *dla_key_find(const char *section, const char *name);

/* Walks the keys of one section in the table's order: starts after NULL, ends with NULL. */
const dla_key *dla_key_next(const dla_section *section, const dla_key *after);

/* Appends what a value may be: "a number from 0 to 100", "one of cosine, step, constant". */
void dla_key_allowed(const dla_key *key, dla_strbuf *out);

#endif
