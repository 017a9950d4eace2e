/* The strict reader of a sweep file's mappings. */
#ifndef DLA_SWEEP_READER_H
#define DLA_SWEEP_READER_H

#include "base/yaml_document.h"
#include "config/config.h"
#include "sweep/sweep.h"

typedef struct dla_sweep_reader {
  dla_yaml yaml;
  dla_sweep *sweep;
  dla_config scratch; /* where values are tried */
  const char *key;    /* whose value is being read */
  const yaml_node_t *seen_budget;
} dla_sweep_reader;

/* DLA_E_INPUT at the node's line. */
dla_status dla_sweep_fail(dla_sweep_reader *r, const yaml_node_t *node, const char *hint,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A key that a mapping may hold, and its reader. */
typedef struct dla_sweep_entry {
  const char *name; /* NULL ends a table */
  dla_status (*read)(dla_sweep_reader *r, const yaml_node_t *node, void *to);
} dla_sweep_entry;

/* Reads all keys of the mapping, which `what` names. */
dla_status dla_sweep_read_mapping(dla_sweep_reader *r, const dla_sweep_entry *entries,
                                  const char *what, const yaml_node_t *node, void *to);

dla_status dla_sweep_read_text_value(dla_sweep_reader *r, const yaml_node_t *node, char **text);
/* A whole number of at least `least`. */
dla_status dla_sweep_read_count(dla_sweep_reader *r, const yaml_node_t *node, int64_t least,
                                int64_t *value);

/* The mappings `overrides` and `parameters`. */
dla_status dla_sweep_read_overrides(dla_sweep_reader *r, const yaml_node_t *node, void *to);
dla_status dla_sweep_read_parameters(dla_sweep_reader *r, const yaml_node_t *node, void *to);

#endif
