/* A growing string. After a failed allocation it keeps its content, ignores further appends and
 * sets failed, so that the caller checks once, in the end. */
#ifndef DLA_BASE_STRBUF_H
#define DLA_BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

#include "dla/status.h"

typedef struct dla_strbuf {
  char *text; /* NUL-terminated, or NULL while empty; owned */
  size_t length;
  size_t capacity;
  bool failed;
  bool secret; /* set it at the start: every buffer is wiped before it is freed */
} dla_strbuf;

void dla_strbuf_printf(dla_strbuf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void dla_strbuf_append(dla_strbuf *b, const char *bytes, size_t count);
/* Appends text as a JSON string, quotes included; it is a YAML string, too. Bytes that are no valid
 * UTF-8 become U+FFFD. */
void dla_strbuf_json_string(dla_strbuf *b, const char *text);
/* The text so far; "" while empty. */
const char *dla_strbuf_text(const dla_strbuf *b);
void dla_strbuf_free(dla_strbuf *b);
/* Frees it, and says whether it had failed. */
bool dla_strbuf_done(dla_strbuf *b);

/* Replaces an owned text by a copy of value. `what` names it in the error for missing memory. */
dla_status dla_text_set(char **text, const char *value, const char *what, dla_error *err);

/* Appends a field of CSV (RFC 4180), in quotes where it needs them. A text that a spreadsheet would
 * take for a formula gets an apostrophe in front. */
void dla_strbuf_csv_field(dla_strbuf *buffer, const char *text);

#endif
