/* The output of steps: to the terminal and, if the workflow asks for it, with time and name to a
 * file per step. */
#ifndef DLA_WORKFLOW_LOG_H
#define DLA_WORKFLOW_LOG_H

#include "workflow/hooks.h"
#include "workflow/workflow.h"

typedef struct dla_job_log dla_job_log;

/* folder: for the files; NULL: lines go only to the terminal, unchanged. */
dla_status dla_job_log_new(const dla_workflow *workflow, const dla_workflow_hooks *hooks,
                           const char *folder, dla_job_log **log, dla_error *err);
void dla_job_log_free(dla_job_log *log);

/* Logs a line of the runner itself. */
void dla_job_log_say(dla_job_log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Tells the caller of a step that has ended. */
void dla_job_log_ended(dla_job_log *log, const dla_workflow_ended *step);

/* The output of one step; name may hold anything. */
typedef struct dla_job_stream dla_job_stream;
dla_status dla_job_stream_open(dla_job_log *log, const char *name, dla_job_stream **stream,
                               dla_error *err);
void dla_job_stream_line(dla_job_stream *stream, const char *line);
/* Repeats the last line. */
void dla_job_stream_say_last(dla_job_stream *stream);
void dla_job_stream_close(dla_job_stream *stream);

#endif
