/* Running a command in a container, with whichever runtime the node has. */
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
  bool gpus;     /* the node has some */
} dla_runtime;

/* The first of apptainer, podman and enroot that is in $PATH. */
void dla_runtime_find(dla_runtime *runtime);
void dla_runtime_free(dla_runtime *runtime);

/* Can it run the container's image? Only apptainer runs .sif files, and podman runs no file. */
bool dla_runtime_takes(const dla_runtime *runtime, const dla_workflow_container *container);

/* Does this node have the image that lies on the grid's? */
bool dla_container_has_image(const dla_workflow_container *container);

typedef struct dla_container_request {
  const dla_workflow_command *run;
  const dla_folders *folders;
  const dla_environment *env; /* with the paths of inside */
  const char *shell, *work_dir;
  const char *image_file; /* where enroot may write the image; may not be there yet */
  bool gpus;              /* the step asks for some */
} dla_container_request;

/* Appends the command line to run (which may hold a launcher already); *prepare is what has to run
 * before it, if anything. Where there is no runtime it is apptainer's, for people to read. */
void dla_container_command(const dla_runtime *runtime, const dla_container_request *request,
                           dla_argv *prepare, dla_argv *run);

#endif
