/* A job's input and output, by staging. */
#ifndef DLA_WORKFLOW_TRANSFER_H
#define DLA_WORKFLOW_TRANSFER_H

#include "base/strbuf.h"
#include "workflow/job.h"

/* Fetches into the input folder, then sets its mode. */
dla_status dla_job_fetch(dla_job *job, dla_error *err);

/* Pushes the output at the end, and also while steps run if the workflow asks for it. `steps` is
 * the steps' status. DLA_E_NOT_PUSHED: something stayed in the folder. */
typedef struct dla_job_push dla_job_push;
dla_status dla_job_push_begin(dla_job *job, dla_job_push **push, dla_error *err);
dla_status dla_job_push_finish(dla_job_push *push, dla_status steps, dla_error *err);

/* The source or destination of a transfer, without secrets. */
void dla_transfer_show(const dla_workflow_transfer *transfer, dla_strbuf *out);

#endif
