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
  DLA_KEY_CHOICE,  /* an enum whose values index choices */
  DLA_KEY_MODE,    /* int64_t: a file mode, in octal digits; empty: -1 */
  DLA_KEY_LIST     /* char *: texts or mappings, as JSON (src/config/list.h) */
} dla_key_type;

/* A double holds every integer limit of ours exactly, so both number types share it. */
typedef struct dla_range {
  double min, max;
  bool above_min, below_max; /* the limit itself is excluded */
} dla_range;

/* Is the value within it? */
bool dla_range_holds(const dla_range *range, double value);

/* What a mapping in a list may hold: numbers, else texts. */
typedef struct dla_list_member {
  const char *name;
  bool number;
  dla_range range;
} dla_list_member;

/* What of a string nobody may see (src/config/redact.h). */
typedef enum dla_secrecy {
  DLA_PUBLIC,
  DLA_SECRET,
  DLA_SECRET_IN_URL /* user, password and query of a URL */
} dla_secrecy;

typedef struct dla_key {
  const char *section, *name; /* the section is empty for keys beside the sections */
  dla_key_type type;
  size_t offset;              /* of the field in dla_config */
  const char *fallback;       /* the default, as it is written in YAML (without quotes) */
  dla_range range;            /* integers and numbers */
  const char *const *choices; /* ends with NULL */
  /* Of a list's mappings, up to one without a name; the first must be there. NULL: texts. */
  const dla_list_member *members;
  const char *doc; /* one line, with the unit */
  dla_secrecy secrecy;
  bool number_too;  /* a string that may be a number without quotes: minutes, megabytes */
  bool boolean_too; /* a choice whose first two, false and true, are booleans */
} dla_key;

/* A section within another is named with both: "input.s3". The first one, without a name, is the
 * document itself: it holds the other sections, and keys beside them. */
typedef struct dla_section {
  const char *name, *doc;
} dla_section;

enum { DLA_KEY_COUNT = 163, DLA_SECTION_COUNT = 19 };
extern const dla_key dla_keys[DLA_KEY_COUNT];
extern const dla_section dla_sections[DLA_SECTION_COUNT];

enum { DLA_STRING_MAX = 4095 }; /* bytes, after expansion: as long as a path may be */

/* NULL where there is no such section or key. */
const dla_section *dla_section_find(const char *name);
const dla_key *dla_key_find(const char *section, const char *name);

/* The section of that name directly in another one; NULL: there is none. */
const dla_section *dla_section_in(const dla_section *section, const char *name);
/* What child is called in section, where it lies directly in it; else NULL. */
const char *dla_section_name_in(const dla_section *section, const dla_section *child);
/* How many sections lie around its keys: 0 for the document. */
int dla_section_depth(const dla_section *section);

/* Does the field own text? */
bool dla_key_owns_text(const dla_key *key);

/* What stands between a section's name and a key's in "section.key". */
const char *dla_section_dot(const char *section);

/* Walks the keys of one section in the table's order: starts after NULL, ends with NULL. */
const dla_key *dla_key_next(const dla_section *section, const dla_key *after);

/* Appends what a value may be: "a number from 0 to 100", "one of cosine, step, constant". */
void dla_key_allowed(const dla_key *key, dla_strbuf *out);

#endif
