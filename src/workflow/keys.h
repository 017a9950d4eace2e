/* What a mapping of a workflow file may hold, as a constant table of keys, and its strict reader.
 */
#ifndef DLA_WORKFLOW_KEYS_H
#define DLA_WORKFLOW_KEYS_H

#include "base/yaml_document.h"
#include "workflow/workflow.h"

typedef struct dla_workflow_reader {
  dla_yaml yaml;
  const char *text; /* of the file */
  size_t length;
} dla_workflow_reader;

typedef enum dla_workflow_type {
  DLA_TYPE_TEXT,
  DLA_TYPE_SECRET,
  DLA_TYPE_BOOL,
  DLA_TYPE_INTEGER,
  DLA_TYPE_OTHER
} dla_workflow_type;

typedef struct dla_workflow_key {
  const char *name; /* NULL ends a table */
  dla_workflow_type type;
  size_t offset; /* of the field in what is read into */
  bool required;
  int64_t least; /* of an integer */
  dla_status (*read)(dla_workflow_reader *r, const yaml_node_t *node, void *field); /* of OTHER */
} dla_workflow_key;

typedef struct dla_workflow_mapping {
  const char *what; /* "run" */
  const dla_workflow_key *keys;
  const char *const *unsupported; /* keys of the grid that are refused by name; NULL: none */
} dla_workflow_mapping;

/* Reads the node's keys into the struct at `to`. */
dla_status dla_workflow_read_mapping(dla_workflow_reader *r, const dla_workflow_mapping *mapping,
                                     const yaml_node_t *node, void *to);

/* DLA_E_INPUT at the node's line. */
dla_status dla_workflow_fail(dla_workflow_reader *r, const yaml_node_t *node, const char *hint,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Checks that the node is a list and gives room for its elements; *items is NULL for none. */
dla_status dla_workflow_list(dla_workflow_reader *r, const yaml_node_t *node, const char *what,
                             size_t size, void **items, size_t *count);

/* A field of type dla_workflow_strings, dla_workflow_variables. */
dla_status dla_workflow_read_strings(dla_workflow_reader *r, const yaml_node_t *node, void *field);
dla_status dla_workflow_read_variables(dla_workflow_reader *r, const yaml_node_t *node,
                                       void *field);

#endif
