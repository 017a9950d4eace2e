/* The headers of an HTTP answer that staging looks at. */
#ifndef DLA_STAGING_TRANSPORT_HEADERS_H
#define DLA_STAGING_TRANSPORT_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dla_headers {
  char etag[128]; /* as sent, with its quotes; W/ in front of a weak one */
  char last_modified[64];
  char sha256[65];     /* x-amz-meta-sha256 */
  char region[64];     /* x-amz-bucket-region */
  bool etag_is_no_md5; /* encrypted with a key that is not S3's own */
  double retry_after;  /* seconds; negative: not said */
  bool has_length, has_range;
  uint64_t length;                               /* Content-Length */
  uint64_t range_first, range_last, range_total; /* Content-Range; total 0: unknown */
} dla_headers;

/* Takes one line of the answer, as libcurl hands it over (no NUL, perhaps CR LF). A status line
 * begins anew, because a proxy or a redirect has headers of its own. */
void dla_headers_take(dla_headers *headers, const char *line, size_t length);

#endif
