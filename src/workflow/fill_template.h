/* What the grid fills in with Go's templates before it reads a module. Of that, the job's resources
 * are filled in here. */
#ifndef DLA_WORKFLOW_FILL_TEMPLATE_H
#define DLA_WORKFLOW_FILL_TEMPLATE_H

#include "workflow/keys.h"

/* Appends the text, which a NUL follows, to out with r->job's numbers for {{ .Job.Resources.Tasks
 * }} and so on; lines stay lines. Any other template is noted, with its line, but in lines
 * that begin with a #, which may be comments: there it stays. */
dla_status dla_workflow_fill_template(dla_workflow_reader *r, const char *text, size_t length,
                                      dla_strbuf *out);

#endif
