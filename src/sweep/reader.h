/* The strict reader of a sweep file's mappings. */
#ifndef DLA_SWEEP_READER_H
#define DLA_SWEEP_READER_H

#include "base/yaml_document.h"
#include "config/config.h"
#include "sweep/sweep.h"

typedef struct dla_sweep_reader {
  dla_yaml yaml;
  dla_sweep *sweep;
  dla_config scratch; /* to try values on */
  const char *key;    /* the key being read */
  const yaml_node_t *seen_budget;
} dla_sweep_reader;

/* A key of a mapping, and its reader. */
enum { DLA_SWEEP_TEXT = -1 };
typedef struct dla_sweep_entry {
  const char *name; /* NULL ends a table */
  dla_status (*read)(dla_sweep_reader *r, const yaml_node_t *node, void *to);
  size_t offset; /* without read(): offset of a whole number or a text in the target */
  int64_t least; /* the lowest allowed number; DLA_SWEEP_TEXT: it is a text */
} dla_sweep_entry;

/* Reads all keys of the mapping; `what` names it in errors. */
dla_status dla_sweep_read_mapping(dla_sweep_reader *r, const dla_sweep_entry *entries,
                                  const char *what, const yaml_node_t *node, void *to);

/* The mappings `overrides` and `parameters`. */
dla_status dla_sweep_read_overrides(dla_sweep_reader *r, const yaml_node_t *node, void *to);
dla_status dla_sweep_read_parameters(dla_sweep_reader *r, const yaml_node_t *node, void *to);

#endif
