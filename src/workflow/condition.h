/* The `if` of a step: what stands between [[ and ]] in bash. */
#ifndef DLA_WORKFLOW_CONDITION_H
#define DLA_WORKFLOW_CONDITION_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "dla/status.h"

/* Appends the script that tells by its exit status whether the condition is true. */
void dla_condition_script(const char *condition, int if_true, int if_false, dla_strbuf *out);

/* Is it a condition? It is parsed, and nothing in it is run. True where there is no bash to ask. An
 * empty one is a condition. */
dla_status dla_condition_check(const char *condition, bool *is_test, dla_error *err);

#endif
