/* Runs a command in a container, with the runtime that the node has. */
#ifndef DLA_WORKFLOW_CONTAINER_H
#define DLA_WORKFLOW_CONTAINER_H

#include "job/folders.h"
#include "process/argv.h"
#include "workflow/environment.h"
#include "workflow/workflow.h"

typedef enum dla_runtime_kind {
  DLA_RUNTIME_NONE,
  DLA_RUNTIME_APPTAINER,
  DLA_RUNTIME_PODMAN,
  DLA_RUNTIME_ENROOT
} dla_runtime_kind;

typedef struct dla_runtime {
  dla_runtime_kind kind;
  char *program; /* its path; owned */
  bool gpus;     /* the node has GPUs */
} dla_runtime;

/* Finds the first of apptainer, podman and enroot in $PATH. */
void dla_runtime_find(dla_runtime *runtime);
void dla_runtime_free(dla_runtime *runtime);

/* Can the runtime run the container's image? Only apptainer runs .sif files, and podman runs no
 * files. */
bool dla_runtime_takes(const dla_runtime *runtime, const dla_workflow_container *container);

/* Does this node have the image that the grid hosts? */
bool dla_container_has_image(const dla_workflow_container *container);

typedef struct dla_container_request {
  const dla_workflow_command *run;
  const dla_folders *folders;
  const dla_environment *env; /* with the paths inside the container */
  const char *shell, *work_dir;
  const char *image_file; /* where enroot may write the image; need not exist yet */
  bool gpus;              /* the step asks for GPUs */
} dla_container_request;

/* Appends the command to run (arguments may already hold a launcher). *prepare must run before
 * it, if not empty. Without a runtime the command is apptainer's, for people to read. */
void dla_container_command(const dla_runtime *runtime, const dla_container_request *request,
                           dla_argv *prepare, dla_argv *run);

#endif
