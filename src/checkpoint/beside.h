/* The files beside a checkpoint, whose names are made from its own. */
#ifndef DLA_CHECKPOINT_BESIDE_H
#define DLA_CHECKPOINT_BESIDE_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "dla/status.h"

/* Where the ending of a path begins: ".pth"; its end where it has none. */
size_t dla_beside_stem(const char *path);
/* "run/ckpt.best.pth" for "run/ckpt.pth" and "best". */
void dla_beside_name(const char *out, const char *mark, dla_strbuf *path);

typedef struct dla_beside {
  char **name; /* paths */
  size_t count, capacity;
} dla_beside;

/* Lists the files of out's folder whose names begin with its stem and `begin`, and end in `end`, by
 * their names. Free it, also after a failure. */
dla_status dla_beside_list(const char *out, const char *begin, const char *end, dla_beside *list,
                           dla_error *err);
/* Appends a copy of a path; false: out of memory. */
bool dla_beside_add(dla_beside *list, const char *path);
void dla_beside_free(dla_beside *list);

#endif
