/* One value between its text and its field in dla_config: the kinds of dla_key_type. */
#ifndef DLA_CONFIG_VALUE_H
#define DLA_CONFIG_VALUE_H

#include "config/config.h"
#include "config/schema.h"

typedef enum dla_style {
  DLA_STYLE_PLAIN,   /* YAML, without quotes: 1.5 is a number, yes is a mistake */
  DLA_STYLE_QUOTED,  /* YAML, in quotes or as a block: always a string */
  DLA_STYLE_OVERRIDE /* the command line: whatever the key makes of it */
} dla_style;

typedef struct dla_written {
  const char *text;
  dla_style style;
  const char *where; /* "config.yaml:3", or the whole override */
} dla_written;

/* Checks what was written and stores it in the key's field. */
dla_status dla_value_read(dla_config *config, const dla_key *key, const dla_written *written,
                          dla_error *err);

dla_status dla_value_copy(const dla_config *from, dla_config *to, const dla_key *key,
                          dla_error *err);

/* Appends the field's value as YAML. */
void dla_value_write(const dla_config *config, const dla_key *key, dla_strbuf *out);

/* The error of a value that is not what dla_key_allowed() says; for values that are no text, such
 * as a list, `found` says what is there instead. */
dla_status dla_value_refuse(const dla_key *key, const char *where, const char *hint,
                            const char *found, dla_error *err);

#endif
