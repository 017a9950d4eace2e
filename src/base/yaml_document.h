/* A YAML document in memory. It keeps the line of everything, for errors. Anchors, aliases, tags
 * and further documents are refused. */
#ifndef DLA_BASE_YAML_DOCUMENT_H
#define DLA_BASE_YAML_DOCUMENT_H

#include <stdbool.h>
#include <yaml.h>

#include "dla/status.h"

/* What errors say of a kind of file. */
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
  char where[256];   /* the last result of dla_yaml_place() */
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

/* The text of a scalar; NULL for another kind of node. */
const char *dla_yaml_text(const yaml_node_t *node);

/* The elements of a list; the keys and values of a mapping. NULL behind the last. */
const yaml_node_t *dla_yaml_item(dla_yaml *yaml, const yaml_node_t *list, size_t i);
const char *dla_yaml_key(dla_yaml *yaml, const yaml_node_t *mapping, size_t i);
const yaml_node_t *dla_yaml_key_node(dla_yaml *yaml, const yaml_node_t *mapping, size_t i);
const yaml_node_t *dla_yaml_value(dla_yaml *yaml, const yaml_node_t *mapping, size_t i);

/* Whether it is a list or a mapping without elements. */
bool dla_yaml_is_empty(const yaml_node_t *node);

/* The value of a key, or NULL. */
const yaml_node_t *dla_yaml_get(dla_yaml *yaml, const yaml_node_t *mapping, const char *key);

enum { DLA_YAML_MOST_KEYS = 32 }; /* no mapping here has that many */

/* Fails unless the key of a mapping's pair i is a word that differs from all earlier keys. `what`
 * names the mapping in the message. */
dla_status dla_yaml_check_key(dla_yaml *yaml, const yaml_node_t *mapping, size_t i,
                              const char *what);

/* Fails unless the node is a mapping whose keys are words, each there once. `what` names it in the
 * message. */
dla_status dla_yaml_check_mapping(dla_yaml *yaml, const yaml_node_t *node, const char *what);

#endif
