/* Values that are lists. The field has the list as JSON on one line; an empty list is "". */
#ifndef DLA_CONFIG_LIST_H
#define DLA_CONFIG_LIST_H

#include "config/written.h"

/* Reads a list in YAML, such as [base, fc], or a single text as a list of one. Appends it as
 * JSON. */
dla_status dla_list_read(const dla_key *key, const dla_written *written, dla_strbuf *json,
                         dla_error *err);

#endif
