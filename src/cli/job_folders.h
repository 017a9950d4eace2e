/* The folders of a staged job, as the grid makes them: STORAGE_PATH, and below it the input and the
 * output, whose variables the configuration and every program that is started can use. */
#ifndef DLA_CLI_JOB_FOLDERS_H
#define DLA_CLI_JOB_FOLDERS_H

#include <stdbool.h>

#include "dla/status.h"

typedef struct dla_job_folders {
  char *storage, *input, *output;
  bool temporary; /* the storage was made here, and goes when nothing is left to push */
} dla_job_folders;

/* While it is unknown whether there will be folders: sets the variables that are not set, so that a
 * configuration which names them can be read. */
typedef struct dla_job_placeholders {
  bool input, output;
} dla_job_placeholders;
dla_job_placeholders dla_job_placeholders_set(const char *input, const char *output);
void dla_job_placeholders_unset(const dla_job_placeholders *placeholders);

/* Makes the folders, and sets DEEPSQUARE_INPUT and DEEPSQUARE_OUTPUT. Free in any case. */
dla_status dla_job_folders_make(dla_job_folders *folders, dla_error *err);
/* Whether a path lies in the input of a temporary storage, which goes in the end. */
bool dla_job_folders_loses(const dla_job_folders *folders, const char *path);
/* Removes a temporary storage except for the output, which nobody has but this machine. True: there
 * is some. */
bool dla_job_folders_leave_output(dla_job_folders *folders);
/* keep: leave a temporary storage as it is. */
void dla_job_folders_free(dla_job_folders *folders, bool keep);

#endif
