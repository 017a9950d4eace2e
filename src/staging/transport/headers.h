/* The headers of an HTTP answer that staging looks at. */
#ifndef DLA_STAGING_TRANSPORT_HEADERS_H
#define DLA_STAGING_TRANSPORT_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "staging/digest.h"

typedef struct dla_headers {
  char etag[128]; /* as sent, with its quotes; W/ in front of a weak one */
  char last_modified[64], date[64];
  char content_type[64];
  char location[1024]; /* where a redirect leads */
  char sha256[65];     /* x-amz-meta-sha256 in hexadecimal, which may be sent in base64 */
  char region[64];     /* x-amz-bucket-region */
  bool etag_is_no_md5; /* encrypted with a key that is not S3's own */
  bool is_s3;          /* some header is one of S3's */
  dla_digest checksum; /* x-amz-checksum-..., of the whole object, in hexadecimal */
  double retry_after;  /* seconds; negative: not said */
  bool has_length, has_range, has_total;
  uint64_t length;                  /* Content-Length */
  uint64_t range_first, range_last; /* Content-Range */
  uint64_t range_total;             /* also of "bytes * /N", which a 416 says; has_total: known */
} dla_headers;

/* Takes one line of the answer, as libcurl hands it over (no NUL, perhaps CR LF). A status line
 * begins anew, because a proxy or a redirect has headers of its own. */
void dla_headers_take(dla_headers *headers, const char *line, size_t length);

bool dla_headers_say_html(const dla_headers *headers);

#endif
