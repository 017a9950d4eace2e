/* A password or key in memory. It is kept out of core dumps and wiped when freed. Nothing here
 * prints it. */
#ifndef DLA_STAGING_SECRET_H
#define DLA_STAGING_SECRET_H

#include <stddef.h>

#include "dla/status.h"

typedef struct dla_secret dla_secret;

/* Copies `length` bytes of text. NULL is no secret: *secret becomes NULL. */
dla_status dla_secret_new(const char *text, size_t length, dla_secret **secret, dla_error *err);
/* The text, NUL-terminated; NULL for no secret. Only for the library that needs it. */
const char *dla_secret_text(const dla_secret *secret);
void dla_secret_free(dla_secret *secret);

#endif
