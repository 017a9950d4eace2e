/* A YAML document in memory, with the line of everything for errors. Anchors, aliases, tags and
 * further documents are refused. */
#ifndef DLA_BASE_YAML_DOCUMENT_H
#define DLA_BASE_YAML_DOCUMENT_H

#include <stdbool.h>
#include <yaml.h>

#include "dla/status.h"

/* What a kind of file says of itself in errors. */
typedef struct dla_yaml_kind {
  const char *manual;   /* "see docs/layer-graph.md" */
  const char *encoding; /* "a layer graph is UTF-8 text" */
  int depth;            /* how deeply lists and mappings may be nested */
} dla_yaml_kind;

typedef struct dla_yaml {
  const dla_yaml_kind *kind;
  const char *name; /* of the file */
  yaml_document_t document;
  yaml_node_t *root; /* NULL: nothing but comments */
  char where[256];   /* of the last place */
  dla_error *err;
} dla_yaml;

/* On success free it with yaml_document_delete(&yaml->document). */
dla_status dla_yaml_load(dla_yaml *yaml, const dla_yaml_kind *kind, const char *name,
                         const char *text, size_t length, dla_error *err);

/* "file:line" of a node, for dla_fail(). */
const char *dla_yaml_place(dla_yaml *yaml, const yaml_node_t *node);

/* Fails with DLA_E_INPUT at a node. */
dla_status dla_yaml_fail(dla_yaml *yaml, const yaml_node_t *node, const char *hint,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Text of a scalar, NULL for a node of another kind. */
const char *dla_yaml_text(const yaml_node_t *node);

/* Elements of a list; key and value of the pairs of a mapping. NULL behind the last. */
const yaml_node_t *dla_yaml_item(dla_yaml *yaml, const yaml_node_t *list, size_t i);
const char *dla_yaml_key(dla_yaml *yaml, const yaml_node_t *mapping, size_t i);
const yaml_node_t *dla_yaml_key_node(dla_yaml *yaml, const yaml_node_t *mapping, size_t i);
const yaml_node_t *dla_yaml_value(dla_yaml *yaml, const yaml_node_t *mapping, size_t i);

/* Is it a list or a mapping without elements? */
bool dla_yaml_is_empty(const yaml_node_t *node);

/* The value of a key, or NULL. */
const yaml_node_t *dla_yaml_get(dla_yaml *yaml, const yaml_node_t *mapping, const char *key);

enum { DLA_YAML_MOST_KEYS = 32 }; /* no mapping here has that many */

/* Fails unless the key of a mapping's pair is a word that no earlier one is. `what` has it is for
 * the message. */
dla_status dla_yaml_check_key(dla_yaml *yaml, const yaml_node_t *mapping, size_t i,
                              const char *what);

/* Fails unless the node is a mapping whose keys are words, each there once. `what` it should be is
 * for the message. */
dla_status dla_yaml_check_mapping(dla_yaml *yaml, const yaml_node_t *node, const char *what);

#endif
