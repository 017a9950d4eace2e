/* A workflow file of the grid, read into plain structs: transfers in and out, and the steps
 * between. docs/workflow.md explains the keys. */
#ifndef DLA_WORKFLOW_H
#define DLA_WORKFLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "dla/status.h"
#include "staging/secret.h"
#include "workflow/faults.h"

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

/* In a step: 0 (gpus: -1) if not given. */
typedef struct dla_workflow_resources {
  int64_t tasks, cpus_per_task, mem_per_cpu, gpus; /* MB; gpus: of the job, or of each task */
  int64_t gpus_per_task;                           /* of the job; -1: not given */
} dla_workflow_resources;

typedef enum dla_workflow_protocol {
  DLA_WORKFLOW_NONE,
  DLA_WORKFLOW_HTTP,
  DLA_WORKFLOW_S3
} dla_workflow_protocol;

typedef struct dla_workflow_transfer {
  dla_workflow_protocol protocol;
  dla_secret *url; /* for HTTP; may contain a password */
  char *region, *bucket_url, *path, *endpoint_url;
  dla_secret *access_key, *secret_key;
  bool delete_sync;
} dla_workflow_transfer;

typedef struct dla_workflow_mount {
  char *host_dir, *container_dir, *options;
} dla_workflow_mount;

typedef struct dla_workflow_container {
  char *image; /* NULL: no container; a leading slash: a file below the storage folder */
  char *registry;
  bool apptainer;   /* the grid's hint; any runtime is used */
  bool grid_hosted; /* the grid's nodes have the image */
  bool mount_home, mount_x11, read_only;
  dla_workflow_mount *mounts;
  size_t mount_count;
} dla_workflow_container;

typedef struct dla_workflow_command {
  char *command; /* NULL: no command */
  char *shell;   /* a path; NULL: /bin/sh */
  /* Run the image's own entrypoint, with the command as its arguments. */
  bool entrypoint;
  char *work_dir;
  char *mpi;                /* srun's --mpi */
  bool unbound;             /* tasks may use all processors */
  int64_t map_uid, map_gid; /* -1: the caller's */
  dla_workflow_resources resources;
  dla_workflow_container container;
  dla_workflow_variables env;
} dla_workflow_command;

typedef struct dla_workflow_step dla_workflow_step;

typedef struct dla_workflow_steps {
  dla_workflow_step *items;
  size_t count;
  size_t *order; /* order of execution: as written, except for dependsOn */
} dla_workflow_steps;

typedef struct dla_workflow_loop {
  bool present, parallel;
  dla_workflow_strings items; /* none: a range */
  bool has_range;
  int64_t begin, end, increment;
  dla_workflow_steps steps;
} dla_workflow_loop;

/* Steps that run in the background of later ones. */
typedef struct dla_workflow_launch {
  bool present;
  char *handle;   /* its name for dependsOn; NULL: none */
  int64_t signal; /* sent when the surrounding steps have ended; 0: it ends by itself */
  dla_workflow_steps steps;
} dla_workflow_launch;

/* A module: steps from another file, with their own variables. */
typedef struct dla_workflow_use {
  char *file;                    /* its module.yaml; NULL: no module */
  char *export_as;               /* prefix, with a _, of exported variables; NULL or "": exported
                                  * unchanged */
  dla_workflow_variables inputs; /* its defaults, overridden by the step's arguments */
  dla_workflow_strings outputs;
  dla_workflow_resources least; /* what the job must have; 0: not given */
} dla_workflow_use;

struct dla_workflow_step {
  char *name; /* "step 3" if the file has no name */
  char *condition;
  const char *file; /* its place: file and line */
  size_t line;
  dla_workflow_command run;
  char *train;                      /* the text of a training config, or NULL */
  dla_workflow_resources resources; /* given beside `run`: treated as those of `run` */
  dla_workflow_use use;
  dla_workflow_steps steps, on_failure, always; /* steps: includes those of the module */
  dla_workflow_loop loop;
  dla_workflow_launch launch;
  dla_workflow_strings depends_on;
};

typedef struct dla_workflow {
  char *name; /* of the file */
  dla_workflow_resources resources;
  dla_workflow_variables env;
  bool logging, continuous_sync;
  int64_t input_mode; /* -1: unchanged */
  dla_workflow_transfer input, output;
  dla_workflow_steps steps;
} dla_workflow;

/* What others know of a file's parts. */
typedef struct dla_workflow_checks {
  /* Fails with DLA_E_INPUT if text is no training config, whatever its variables will be; name is
   * for errors. NULL: not checked. */
  dla_status (*train)(const char *name, const char *text, dla_error *err);
  bool conditions; /* ask bash, if it is there, whether each `if` is a test; nothing is run */
} dla_workflow_checks;

/* faults: gets all faults of the file, and everything in it that is not supported here. Errors:
 * DLA_E_INPUT with "file:line"; if there are several faults, with their number. On failure
 * *workflow is empty. checks and faults may be NULL. */
dla_status dla_workflow_read(const char *path, const dla_workflow_checks *checks,
                             dla_workflow *workflow, dla_workflow_faults *faults, dla_error *err);
dla_status dla_workflow_read_text(const char *name, const char *text, size_t length,
                                  const dla_workflow_checks *checks, dla_workflow *workflow,
                                  dla_workflow_faults *faults, dla_error *err);
void dla_workflow_free(dla_workflow *workflow);

/* Does the file have a key `steps` at its top, or below `job`? False if it cannot be read. */
bool dla_workflow_recognise(const char *path);

/* The step with that name, or the one that launches that handle; NULL: none. */
const dla_workflow_step *dla_workflow_find_step(const dla_workflow_steps *steps, const char *name);

/* The number of a loop's iterations; and $item and $index in iteration i. Writes item. */
size_t dla_workflow_loop_count(const dla_workflow_loop *loop);
void dla_workflow_loop_pass(const dla_workflow_loop *loop, size_t i, char index[24],
                            const char **item);

#endif
