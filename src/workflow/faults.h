/* A list of errors: what is wrong with a workflow file, or what a node lacks for it. */
#ifndef DLA_WORKFLOW_FAULTS_H
#define DLA_WORKFLOW_FAULTS_H

#include <stddef.h>

#include "base/strbuf.h"
#include "dla/status.h"

/* Zero-initialise it; free it also after a failure. */
typedef struct dla_workflow_faults {
  dla_error *items;
  size_t count, capacity;
} dla_workflow_faults;

/* Appends a copy of fault; DLA_E_MEMORY. fault and err may be the same. */
dla_status dla_workflow_faults_add(dla_workflow_faults *faults, const dla_error *fault,
                                   dla_error *err);

/* Appends "file:line: what (hint)" and a newline for each. */
void dla_workflow_faults_print(const dla_workflow_faults *faults, dla_strbuf *out);

void dla_workflow_faults_free(dla_workflow_faults *faults);

#endif
