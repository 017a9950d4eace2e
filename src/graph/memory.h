/* Memory of a network's values: the process's own or, where its backend computes on a device, the
 * device's. Zeroed when it is made. */
#ifndef DLA_GRAPH_MEMORY_H
#define DLA_GRAPH_MEMORY_H

#include "base/pages.h"
#include "dla/backend.h"

/* A backend that was created. */
typedef struct dla_engine {
  const dla_backend *backend;
  void *state;
  struct dla_team *team; /* base/team.h */
} dla_engine;

/* what: "the arena", for the error. */
dla_status dla_memory_map(const dla_engine *engine, const char *what, size_t bytes,
                          dla_pages *memory, dla_error *err);
void dla_memory_unmap(const dla_engine *engine, dla_pages *memory);

/* Between memory, anywhere in it, and bytes of the process's own. */
dla_status dla_memory_read(const dla_engine *engine, const void *memory, void *bytes, size_t count,
                           dla_error *err);
dla_status dla_memory_write(const dla_engine *engine, void *memory, const void *bytes, size_t count,
                            dla_error *err);
/* Makes all of it zeros. */
dla_status dla_memory_clear(const dla_engine *engine, const dla_pages *memory, dla_error *err);
/* Until all that was begun is done: a device computes while the program goes on. */
dla_status dla_memory_wait(const dla_engine *engine, dla_error *err);

#endif
