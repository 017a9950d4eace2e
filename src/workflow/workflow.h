/* A workflow file of the grid, read into plain structs: what is moved in and out, and the steps
 * between. docs/workflow.md says what the keys mean. */
#ifndef DLA_WORKFLOW_H
#define DLA_WORKFLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
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
  int64_t gpus_per_task;                           /* of the job; -1: it does not say */
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
  char *image; /* NULL: no container; with a slash in front a file below the storage folder */
  char *registry;
  bool apptainer;   /* the grid's hint; any runtime is used */
  bool grid_hosted; /* the image lies on the grid's nodes */
  bool mount_home, mount_x11, read_only;
  dla_workflow_mount *mounts;
  size_t mount_count;
} dla_workflow_container;

typedef struct dla_workflow_command {
  char *command; /* NULL: the step runs none */
  char *shell;   /* a path; NULL: /bin/sh */
  /* What the image starts by itself, with the words of the command behind it. */
  bool entrypoint;
  char *work_dir;
  char *mpi;                /* srun's --mpi */
  bool unbound;             /* tasks may run on all processors */
  int64_t map_uid, map_gid; /* -1: as the caller's */
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

/* Steps that go on beside those behind them. */
typedef struct dla_workflow_launch {
  bool present;
  char *handle;   /* what dependsOn may call it; NULL: nothing */
  int64_t signal; /* ends it when the steps around it have ended; 0: it ends by itself */
  dla_workflow_steps steps;
} dla_workflow_launch;

/* A module: the steps of another file, with variables of their own. */
typedef struct dla_workflow_use {
  char *file;                    /* its module.yaml; NULL: the step uses none */
  char *export_as;               /* stands with a _ before its outputs' names; NULL or "": all that
                                    its steps export is exported as it is */
  dla_workflow_variables inputs; /* its defaults, and the step's arguments over them */
  dla_workflow_strings outputs;
  dla_workflow_resources least; /* that the job must have; 0: it does not say */
} dla_workflow_use;

struct dla_workflow_step {
  char *name; /* "step 3" where the file gives none */
  char *condition;
  const char *file; /* and line: where it stands */
  size_t line;
  dla_workflow_command run;
  char *train;                      /* the text of a training config, or NULL */
  dla_workflow_resources resources; /* beside `run`: read as those of `run` */
  dla_workflow_use use;
  dla_workflow_steps steps, on_failure, always; /* steps: also those of the module */
  dla_workflow_loop loop;
  dla_workflow_launch launch;
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

/* All that is wrong with a file, and all of it that cannot be done here. */
typedef struct dla_workflow_faults {
  size_t count;
  dla_error first;
  dla_strbuf lines; /* "file:line: what (hint)", a line each; free it */
} dla_workflow_faults;

/* Errors: DLA_E_INPUT with "file:line"; where there are several faults, with their number. On
 * failure *workflow is empty. faults may be NULL. */
dla_status dla_workflow_read(const char *path, dla_workflow *workflow, dla_workflow_faults *faults,
                             dla_error *err);
dla_status dla_workflow_read_text(const char *name, const char *text, size_t length,
                                  dla_workflow *workflow, dla_workflow_faults *faults,
                                  dla_error *err);
void dla_workflow_free(dla_workflow *workflow);

/* Is this a file with a key `steps` at its top, or below `job`? A file that cannot be read is none.
 */
bool dla_workflow_recognise(const char *path);

/* The step of that name, or that launches what has that handle; NULL: there is none. */
const dla_workflow_step *dla_workflow_find_step(const dla_workflow_steps *steps, const char *name);

/* How often a loop's body runs, and what $item and $index are in pass i; item is written. */
size_t dla_workflow_loop_count(const dla_workflow_loop *loop);
void dla_workflow_loop_pass(const dla_workflow_loop *loop, size_t i, char index[24],
                            const char **item);

#endif
