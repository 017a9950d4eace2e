/* The tuning table that all runs of this user share: $XDG_CACHE_HOME/dla-train/tuning, else
 * ~/.cache/dla-train/tuning. Only a cache: it may be deleted at any time. */
#ifndef DLA_TUNING_CACHE_H
#define DLA_TUNING_CACHE_H

#include "base/strbuf.h"
#include "config/config.h"
#include "dla/network.h"

/* Appends the table's text. Appends nothing if there is none, or backend.autotune disables it. */
dla_status dla_tuning_cache_read(const dla_config *config, dla_strbuf *text, dla_error *err);
/* Adds a network's new results to the table, if there are any. */
dla_status dla_tuning_cache_write(const dla_network *network, dla_error *err);

#endif
