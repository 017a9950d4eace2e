/* The headers of an HTTP answer that staging reads. */
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
  char sha256[65];     /* x-amz-meta-sha256 in hexadecimal; the server may send base64 */
  char region[64];     /* x-amz-bucket-region */
  bool etag_is_no_md5; /* S3 encrypted the object with another key than its own */
  bool is_s3;          /* some header is S3's */
  dla_digest checksum; /* x-amz-checksum-... of the whole object, in hexadecimal */
  double retry_after;  /* seconds; negative: not given */
  bool has_length, has_range, has_total;
  uint64_t length;                  /* Content-Length */
  uint64_t range_first, range_last; /* Content-Range */
  uint64_t range_total;             /* also from the "bytes * /N" of a 416; has_total: known */
} dla_headers;

/* Takes one line of the answer, as libcurl passes it (no NUL, perhaps CR LF). A status line clears
 * everything, because a proxy or a redirect has headers of its own. */
void dla_headers_take(dla_headers *headers, const char *line, size_t length);

bool dla_headers_say_html(const dla_headers *headers);

#endif
