/* What an ETag says of the bytes. */
#include <string.h>
#include <strings.h>

#include "staging/page.h"
#include "staging/storage/s3.h"

bool dla_s3_etag_is_md5(const char *etag)
{
  return strlen(etag) == 32 && strspn(etag, "0123456789abcdefABCDEF") == 32;
}

dla_digest_kinds dla_s3_sent_kinds(const dla_s3 *s3, uint64_t size)
{
  enum { LITTLE = 4 << 20 }; /* takes 5 ms */
  return s3->settings->secret_key && size > LITTLE ? DLA_DIGEST_SHA256 : DLA_DIGEST_BOTH;
}

bool dla_s3_has_etag_of(const dla_http_response *response, const char *md5)
{
  const dla_headers *h = &response->headers;
  dla_object stored = {0};
  dla_object_set_etag(&stored, h->etag);
  bool is_md5 = dla_s3_etag_is_md5(stored.etag);
  if (!h->etag[0] || dla_page_is_html(dla_strbuf_text(&response->body), response->body.length))
    return false;
  if (is_md5 && md5[0] && !h->etag_is_no_md5) return strcasecmp(stored.etag, md5) == 0;
  return is_md5 || h->is_s3; /* the ETag of a web page may be anything */
}
