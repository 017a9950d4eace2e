/* Files beside a checkpoint, whose names derive from its own. */
#ifndef DLA_CHECKPOINT_BESIDE_H
#define DLA_CHECKPOINT_BESIDE_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "dla/status.h"

/* The offset of a path's ending (".pth"), or of its end if it has none. */
size_t dla_beside_stem(const char *path);
/* "run/ckpt.best.pth" for "run/ckpt.pth" and "best". */
void dla_beside_name(const char *out, const char *mark, dla_strbuf *path);

typedef struct dla_beside {
  char **name; /* paths */
  size_t count, capacity;
} dla_beside;

/* Lists the files in out's folder whose names begin with its stem and `begin`, and end in `end`,
 * sorted by name. Free it, also after a failure. */
dla_status dla_beside_list(const char *out, const char *begin, const char *end, dla_beside *list,
                           dla_error *err);
/* Appends a copy of a path. False: out of memory. */
bool dla_beside_add(dla_beside *list, const char *path);
void dla_beside_free(dla_beside *list);

#endif
