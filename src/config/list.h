/* Values that are lists. A field holds one as JSON in one line, and an empty one as "". */
#ifndef DLA_CONFIG_LIST_H
#define DLA_CONFIG_LIST_H

#include "config/written.h"

/* Appends the list that is written, in YAML: [base, fc], or one text for a list of one. */
dla_status dla_list_read(const dla_key *key, const dla_written *written, dla_strbuf *json,
                         dla_error *err);

#endif
