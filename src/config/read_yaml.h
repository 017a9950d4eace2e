#ifndef DLA_CONFIG_READ_YAML_H
#define DLA_CONFIG_READ_YAML_H

#include "config/config.h"

/* Stores what a YAML document in memory sets; config holds the defaults already. name is for
 * errors, whose `where` is "name:line". On failure config may be changed in part, but is whole. */
dla_status dla_config_read_yaml(dla_config *config, const char *name, const char *text,
                                size_t length, dla_error *err);

#endif
