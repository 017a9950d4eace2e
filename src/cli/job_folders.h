/* The folders of a staged job, as the grid makes them: STORAGE_PATH, and below it the input and the
 * output. A configuration can name both, by the grid's variables. */
#ifndef DLA_CLI_JOB_FOLDERS_H
#define DLA_CLI_JOB_FOLDERS_H

#include <stdbool.h>

#include "config/config.h"

typedef struct dla_job_folders {
  dla_config_folders in_config; /* for dla_config_load() */
  char *storage, *input, *output;
  bool temporary; /* the storage was made here, and goes when nothing is left to push */
} dla_job_folders;

/* Makes nothing yet: a configuration that names the folders does, or dla_job_folders_make(). Free
 * in any case. */
void dla_job_folders_init(dla_job_folders *folders);
dla_status dla_job_folders_make(dla_job_folders *folders, dla_error *err);
/* Whether a path lies in the input of a temporary storage, which goes in the end. */
bool dla_job_folders_loses(const dla_job_folders *folders, const char *path);
/* Removes a temporary storage except for the output, which nobody has but this machine. True: there
 * is some. */
bool dla_job_folders_leave_output(dla_job_folders *folders);
/* keep: leave a temporary storage as it is. */
void dla_job_folders_free(dla_job_folders *folders, bool keep);

#endif
