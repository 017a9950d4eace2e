/* The table of all configuration keys. Reading, checking, overrides, help, docs/config.md, the JSON
 * Schema and the YAML dump all use it. A new key is a field of dla_config and a row in schema.c. */
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

/* Both number types share it, because a double holds all our integer limits exactly. */
typedef struct dla_range {
  double min, max;
  bool above_min, below_max; /* the limit itself is excluded */
} dla_range;

/* Whether the value is within the range. */
bool dla_range_holds(const dla_range *range, double value);

/* A member of a mapping in a list: a number in a range, else a text. */
typedef struct dla_list_member {
  const char *name;
  bool number;
  dla_range range;
} dla_list_member;

/* Which part of a string is secret (src/config/redact.h). */
typedef enum dla_secrecy {
  DLA_PUBLIC,
  DLA_SECRET,
  DLA_SECRET_IN_URL /* user, password and query of a URL */
} dla_secrecy;

typedef struct dla_key {
  const char *section, *name; /* the section is empty for keys beside the sections */
  dla_key_type type;
  size_t offset;              /* of the field in dla_config */
  const char *fallback;       /* the default, as in YAML without quotes */
  dla_range range;            /* for integers and numbers */
  const char *const *choices; /* ends with NULL */
  /* Members of a list's mappings, ending with one without a name; the first member is required.
   * NULL: the list has texts. */
  const dla_list_member *members;
  const char *doc; /* one line, with the unit */
  dla_secrecy secrecy;
  bool number_too;  /* a string that may be a number without quotes, as minutes or megabytes are */
  bool boolean_too; /* the first two choices, false and true, are booleans */
} dla_key;

/* A section inside another one has both names: "input.s3". The first section has no name. It is the
 * document itself: it holds the other sections and the keys outside of them. */
typedef struct dla_section {
  const char *name, *doc;
} dla_section;

enum { DLA_KEY_COUNT = 164, DLA_SECTION_COUNT = 19 };
extern const dla_key dla_keys[DLA_KEY_COUNT];
extern const dla_section dla_sections[DLA_SECTION_COUNT];

enum { DLA_STRING_MAX = 4095 }; /* bytes after expansion, as in the longest path */

/* Return NULL where there is no such section or key. */
const dla_section *dla_section_find(const char *name);
const dla_key *dla_key_find(const char *section, const char *name);

/* The section with that name directly inside another one; NULL if there is none. */
const dla_section *dla_section_in(const dla_section *section, const char *name);
/* The name of child in section if it is directly inside it; else NULL. */
const char *dla_section_name_in(const dla_section *section, const dla_section *child);
/* How many sections its keys are nested in: 0 for the document. */
int dla_section_depth(const dla_section *section);

/* Whether the field owns a text. */
bool dla_key_owns_text(const dla_key *key);

/* The text between a section and a key in "section.key": empty for a key outside the sections. */
const char *dla_section_dot(const char *section);

/* Walks over a section's keys in the table's order. Starts after NULL, ends with NULL. */
const dla_key *dla_key_next(const dla_section *section, const dla_key *after);

/* Appends the allowed values: "a number from 0 to 100", "one of cosine, step, constant". */
void dla_key_allowed(const dla_key *key, dla_strbuf *out);

#endif
