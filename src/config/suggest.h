#ifndef DLA_CONFIG_SUGGEST_H
#define DLA_CONFIG_SUGGEST_H

#include "config/schema.h"
#include "dla/status.h"

/* The errors for an unknown section or key, with the nearest known one. */
dla_status dla_unknown_section(const char *name, const char *where, dla_error *err);
dla_status dla_unknown_key(const dla_section *section, const char *name, const char *where,
                           dla_error *err);

/* Finds a key by its whole name, "optimizer.lr"; fails with one of the errors above. */
dla_status dla_key_named(const char *name, const char *where, const dla_key **key, dla_error *err);

/* Writes which key an option of another program is, by its name without dashes: "did you mean
 * train.batch_size?". Returns false if no key is called so. */
bool dla_option_hint(const char *name, char *hint, size_t size);

#endif
