/* Tells one version of a URL's content from another. Kept beside a download, as the server's own
 * headers. */
#ifndef DLA_STAGING_STORAGE_VALIDATORS_H
#define DLA_STAGING_STORAGE_VALIDATORS_H

#include "dla/status.h"
#include "staging/transport/headers.h"

/* false: there are none, or the file is damaged. Length is that of the whole content. *durable,
 * which may be NULL: how many bytes of the content a power failure leaves. */
bool dla_validators_read(const char *path, dla_headers *headers, uint64_t *durable);
/* Without an ETag or a date nothing is written, and what was there is deleted. */
dla_status dla_validators_write(const char *path, const dla_headers *headers, uint64_t durable,
                                dla_error *err);

/* What If-Range may hold: a strong ETag, or else the date (RFC 9110, 13.1.5); NULL: none. */
const char *dla_validators_for_range(const dla_headers *headers);

#endif
