/* A value as it was written, and the error for one that is not allowed. */
#ifndef DLA_CONFIG_WRITTEN_H
#define DLA_CONFIG_WRITTEN_H

#include "config/schema.h"
#include "dla/status.h"

typedef enum dla_style {
  DLA_STYLE_PLAIN,   /* YAML without quotes: 1.5 is a number, yes is a mistake */
  DLA_STYLE_QUOTED,  /* YAML, in quotes or as a block: always a string */
  DLA_STYLE_OVERRIDE /* the command line: the key's type decides */
} dla_style;

typedef struct dla_written {
  const char *text;
  dla_style style;
  const char *where; /* "config.yaml:3", or the whole override */
} dla_written;

/* The error for a value that dla_key_allowed() does not list. `found` says what was there: the
 * value, or for other things than text "a list". */
dla_status dla_value_refuse(const dla_key *key, const char *where, const char *hint,
                            const char *found, dla_error *err);

#endif
