#ifndef DLA_WORKFLOW_REDACT_H
#define DLA_WORKFLOW_REDACT_H

#include "base/strbuf.h"
#include "workflow/workflow.h"

/* Appends text with every secret of the workflow's transfers replaced by ***. */
void dla_workflow_redact(const dla_workflow *workflow, const char *text, dla_strbuf *out);

#endif
