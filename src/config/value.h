/* Converts a value between its text and its field in dla_config, for each dla_key_type. */
#ifndef DLA_CONFIG_VALUE_H
#define DLA_CONFIG_VALUE_H

#include "config/config.h"
#include "config/schema.h"
#include "config/written.h"

/* Checks a written value and stores it in the key's field. */
dla_status dla_value_read(dla_config *config, const dla_key *key, const dla_written *written,
                          dla_error *err);

dla_status dla_value_copy(const dla_config *from, dla_config *to, const dla_key *key,
                          dla_error *err);

/* Appends the field's value as YAML. */
void dla_value_write(const dla_config *config, const dla_key *key, dla_strbuf *out);

#endif
