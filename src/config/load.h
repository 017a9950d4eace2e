#ifndef DLA_CONFIG_LOAD_H
#define DLA_CONFIG_LOAD_H

#include "config/config.h"

/* Sets all keys to their defaults. On failure *config is empty. */
dla_status dla_config_set_defaults(dla_config *config, dla_error *err);

#endif
