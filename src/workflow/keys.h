/* The keys of a workflow file's mappings, as constant tables, and their strict reader. */
#ifndef DLA_WORKFLOW_KEYS_H
#define DLA_WORKFLOW_KEYS_H

#include <sys/types.h>

#include "base/yaml_document.h"
#include "workflow/workflow.h"

enum { DLA_LINE_READ = '-', DLA_LINE_GUESSED = '?' };

typedef struct dla_workflow_reader {
  dla_yaml yaml;
  const char *text; /* of the file */
  size_t length;
  /* A byte for each line: DLA_LINE_GUESSED where a fault would be one of a guess; NULL: none. */
  const dla_strbuf *guesses;
  /* Collects all faults of a file: reading goes on after each. */
  dla_workflow_faults *faults;
  /* For a module: its file, and who uses it. */
  bool is_module;
  dev_t device;
  ino_t inode;
  const struct dla_workflow_reader *around;
  const dla_workflow_resources *job; /* the job's resources; 0: could not be read */
  size_t *modules;                   /* number of modules read */
  const dla_workflow_checks *checks; /* NULL: none */
} dla_workflow_reader;

typedef enum dla_workflow_type {
  DLA_TYPE_TEXT,
  DLA_TYPE_SECRET,
  DLA_TYPE_BOOL,
  DLA_TYPE_INTEGER,
  DLA_TYPE_OTHER
} dla_workflow_type;

typedef struct dla_workflow_mapping dla_workflow_mapping;

typedef struct dla_workflow_key {
  const char *name; /* NULL ends a table */
  dla_workflow_type type;
  size_t offset; /* of the field in the target */
  bool required;
  int64_t least; /* lowest value of an integer */
  /* For OTHER, one of the two: */
  const dla_workflow_mapping *mapping;
  dla_status (*read)(dla_workflow_reader *r, const yaml_node_t *node, void *field);
} dla_workflow_key;

/* Rows of a table: the key, the struct and its field, whether it is required. Then the lowest
 * value of an integer, or the reader of a value that is not a scalar, or the mapping that it is. */
#define DLA_WORKFLOW_KEY(key, kind, in, field, needed)                                             \
  {                                                                                                \
    .name = (key), .type = DLA_TYPE_##kind, .offset = offsetof(in, field), .required = (needed)    \
  }
#define DLA_WORKFLOW_WHOLE(key, in, field, needed, at_least)                                       \
  {                                                                                                \
    .name = (key), .type = DLA_TYPE_INTEGER, .offset = offsetof(in, field), .required = (needed),  \
    .least = (at_least)                                                                            \
  }
#define DLA_WORKFLOW_INNER(key, in, field, needed, reader)                                         \
  {                                                                                                \
    .name = (key), .type = DLA_TYPE_OTHER, .offset = offsetof(in, field), .required = (needed),    \
    .read = (reader)                                                                               \
  }

#define DLA_WORKFLOW_MAPPING(key, in, field, needed, of)                                           \
  {                                                                                                \
    .name = (key), .type = DLA_TYPE_OTHER, .offset = offsetof(in, field), .required = (needed),    \
    .mapping = (of)                                                                                \
  }

/* A key of the grid that is refused by name. */
typedef struct dla_workflow_unsupported {
  const char *name;     /* NULL ends a table */
  const char *harmless; /* a value that asks for nothing, and is accepted; so is an empty list */
  const char *hint;     /* NULL: "leave it out" */
} dla_workflow_unsupported;

struct dla_workflow_mapping {
  const char *what; /* "run" */
  const dla_workflow_key *keys;
  const dla_workflow_unsupported *unsupported; /* NULL: none */
  /* A mapping that may stand in it, and whose keys are often written beside it: they are refused,
   * but what they say is read, so that it is told at once. NULL: none. */
  const dla_workflow_mapping *inner;
  const char *inner_key; /* that it stands below */
  size_t inner_offset;   /* of what it is read into */
  /* All mappings that may stand in it, up to a NULL; or NULL: their keys are refused, too, and the
   * value is read into a scratch workflow, or its first step, only to tell what is wrong with it.
   */
  const dla_workflow_mapping *const *within;
  bool in_step;
  size_t scratch; /* where this mapping goes in the scratch workflow or step */
  /* Checks what was read of the node; what is not there is NULL or 0. NULL: nothing to check. */
  dla_status (*check)(dla_workflow_reader *r, const yaml_node_t *node, void *from);
};

/* Reads the node's keys into the struct at `to`, notes their faults, and lets the mapping check it.
 */
dla_status dla_workflow_read_mapping(dla_workflow_reader *r, const dla_workflow_mapping *mapping,
                                     const yaml_node_t *node, void *to);

/* Notes the reader's error if status is one of input, and turns it into DLA_OK. */
dla_status dla_workflow_go_on(dla_workflow_reader *r, dla_status status);

/* Is the key there, and not null? */
bool dla_workflow_has(dla_workflow_reader *r, const yaml_node_t *mapping, const char *key);

/* The node of the key's value, for errors; the mapping if there is no value. */
const yaml_node_t *dla_workflow_at(dla_workflow_reader *r, const yaml_node_t *mapping,
                                   const char *key);

/* Checks that the node is a list, and allocates its elements; *items is NULL if it is empty. */
dla_status dla_workflow_list(dla_workflow_reader *r, const yaml_node_t *node, const char *what,
                             size_t size, void **items, size_t *count);

/* Is it a valid name of a variable? */
bool dla_workflow_is_variable(const char *name);

/* Read a field of type dla_workflow_strings, dla_workflow_variables. */
dla_status dla_workflow_read_strings(dla_workflow_reader *r, const yaml_node_t *node, void *field);
dla_status dla_workflow_read_variables(dla_workflow_reader *r, const yaml_node_t *node,
                                       void *field);

#endif
