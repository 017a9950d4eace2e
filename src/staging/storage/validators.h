/* Validators tell whether a URL's content is still the same version. They are kept beside a
 * download, as the server's own headers. */
#ifndef DLA_STAGING_STORAGE_VALIDATORS_H
#define DLA_STAGING_STORAGE_VALIDATORS_H

#include "dla/status.h"
#include "staging/transport/headers.h"

/* Returns false if there are none, or the file is damaged. The length is that of the whole content.
 * *durable, which may be NULL: how many bytes of the content survive a power failure. */
bool dla_validators_read(const char *path, dla_headers *headers, uint64_t *durable);
/* Without an ETag or a date it writes nothing, and deletes the old file. */
dla_status dla_validators_write(const char *path, const dla_headers *headers, uint64_t durable,
                                dla_error *err);

/* The value for If-Range: a strong ETag, else the date (RFC 9110, 13.1.5). NULL: there is none. */
const char *dla_validators_for_range(const dla_headers *headers);

#endif
