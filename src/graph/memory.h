/* Memory for a network's values: in the process or, if its backend computes on a device, on the
 * device. New memory is zero. */
#ifndef DLA_GRAPH_MEMORY_H
#define DLA_GRAPH_MEMORY_H

#include "base/pages.h"
#include "dla/backend.h"

/* A backend and its state. */
typedef struct dla_engine {
  const dla_backend *backend;
  void *state;
  struct dla_team *team; /* base/team.h */
} dla_engine;

/* what: a name for the error, such as "the arena". */
dla_status dla_memory_map(const dla_engine *engine, const char *what, size_t bytes,
                          dla_pages *memory, dla_error *err);
void dla_memory_unmap(const dla_engine *engine, dla_pages *memory);

/* Copy between such memory, at any place in it, and the process's own memory. */
dla_status dla_memory_read(const dla_engine *engine, const void *memory, void *bytes, size_t count,
                           dla_error *err);
dla_status dla_memory_write(const dla_engine *engine, void *memory, const void *bytes, size_t count,
                            dla_error *err);
/* Sets all of it to zero. */
dla_status dla_memory_clear(const dla_engine *engine, const dla_pages *memory, dla_error *err);
/* Waits until the device is done: it computes while the program goes on. */
dla_status dla_memory_wait(const dla_engine *engine, dla_error *err);

#endif
