#ifndef DLA_CONFIG_READ_YAML_H
#define DLA_CONFIG_READ_YAML_H

#include "config/config.h"

/* Sets the keys that a YAML document in memory gives. config must hold the defaults. name is for
 * errors, whose `where` is "name:line". On failure config may be partly changed, but is still
 * valid. */
dla_status dla_config_read_yaml(dla_config *config, const char *name, const char *text,
                                size_t length, dla_error *err);

#endif
