/* What steps print: to the terminal and, where the workflow wants it, with time and name to a file
 * of the step. */
#ifndef DLA_WORKFLOW_LOG_H
#define DLA_WORKFLOW_LOG_H

#include "workflow/hooks.h"
#include "workflow/workflow.h"

typedef struct dla_job_log dla_job_log;

/* folder: where the files go; NULL: lines go to the terminal only, as they are. */
dla_status dla_job_log_new(const dla_workflow *workflow, const dla_workflow_hooks *hooks,
                           const char *folder, dla_job_log **log, dla_error *err);
void dla_job_log_free(dla_job_log *log);

/* A line of the runner itself. */
void dla_job_log_say(dla_job_log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The lines of one step; name may hold anything. */
typedef struct dla_job_stream dla_job_stream;
dla_status dla_job_stream_open(dla_job_log *log, const char *name, dla_job_stream **stream,
                               dla_error *err);
void dla_job_stream_line(dla_job_stream *stream, const char *line);
/* Says again what came last. */
void dla_job_stream_say_last(dla_job_stream *stream);
void dla_job_stream_close(dla_job_stream *stream);

#endif
