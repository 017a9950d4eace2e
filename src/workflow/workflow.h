/* A workflow file of the grid, read into plain structs: what is moved in and out, and the steps
 * between. docs/workflow.md says what the keys mean. */
#ifndef DLA_WORKFLOW_H
#define DLA_WORKFLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dla/status.h"
#include "staging/secret.h"

typedef struct dla_workflow_variable {
  char *key, *value;
} dla_workflow_variable;

typedef struct dla_workflow_variables {
  dla_workflow_variable *items;
  size_t count;
} dla_workflow_variables;

typedef struct dla_workflow_strings {
  char **items;
  size_t count;
} dla_workflow_strings;

/* In a step: 0 (gpus: -1) where it does not say. */
typedef struct dla_workflow_resources {
  int64_t tasks, cpus_per_task, mem_per_cpu, gpus; /* MB; gpus: of the job, or of each task */
} dla_workflow_resources;

typedef enum dla_workflow_protocol {
  DLA_WORKFLOW_NONE,
  DLA_WORKFLOW_HTTP,
  DLA_WORKFLOW_S3
} dla_workflow_protocol;

typedef struct dla_workflow_transfer {
  dla_workflow_protocol protocol;
  dla_secret *url; /* of HTTP; it may hold a password */
  char *region, *bucket_url, *path, *endpoint_url;
  dla_secret *access_key, *secret_key;
  bool delete_sync;
} dla_workflow_transfer;

typedef struct dla_workflow_mount {
  char *host_dir, *container_dir, *options;
} dla_workflow_mount;

typedef struct dla_workflow_container {
  char *image; /* NULL: no container */
  char *registry;
  bool apptainer; /* the grid's hint; any runtime is used */
  dla_workflow_mount *mounts;
  size_t mount_count;
} dla_workflow_container;

typedef struct dla_workflow_command {
  char *command; /* NULL: the step runs none */
  char *shell, *work_dir;
  dla_workflow_resources resources;
  dla_workflow_container container;
  dla_workflow_variables env;
} dla_workflow_command;

typedef struct dla_workflow_step dla_workflow_step;

typedef struct dla_workflow_steps {
  dla_workflow_step *items;
  size_t count;
  size_t *order; /* in which they run: as written, but for dependsOn */
} dla_workflow_steps;

typedef struct dla_workflow_loop {
  bool present, parallel;
  dla_workflow_strings items; /* none: a range */
  bool has_range;
  int64_t begin, end, increment;
  dla_workflow_steps steps;
} dla_workflow_loop;

struct dla_workflow_step {
  char *name; /* "step 3" where the file gives none */
  char *condition;
  size_t line;
  dla_workflow_command run;
  char *train;                      /* the text of a training config, or NULL */
  dla_workflow_resources resources; /* beside `run`: read as those of `run` */
  dla_workflow_steps steps, on_failure, always;
  dla_workflow_loop loop;
  dla_workflow_strings depends_on;
};

typedef struct dla_workflow {
  char *name; /* of the file */
  dla_workflow_resources resources;
  dla_workflow_variables env;
  bool logging, continuous_sync;
  int64_t input_mode; /* -1: as it comes */
  dla_workflow_transfer input, output;
  dla_workflow_steps steps;
} dla_workflow;

/* Errors: DLA_E_INPUT with "file:line". On failure *workflow is empty. */
dla_status dla_workflow_read(const char *path, dla_workflow *workflow, dla_error *err);
dla_status dla_workflow_read_text(const char *name, const char *text, size_t length,
                                  dla_workflow *workflow, dla_error *err);
void dla_workflow_free(dla_workflow *workflow);

/* Is this a file with a key `steps` at its top? A file that cannot be read is none. */
bool dla_workflow_recognise(const char *path);

/* How often a loop's body runs, and what $item and $index are in pass i; item is written. */
size_t dla_workflow_loop_count(const dla_workflow_loop *loop);
void dla_workflow_loop_pass(const dla_workflow_loop *loop, size_t i, char index[24],
                            const char **item);

#endif
