#include <ctype.h>
#include <string.h>

#include "staging/storage/s3.h"

void dla_s3_encode(dla_strbuf *out, const char *text, bool keep_slash)
{
  for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
    bool plain = *p < 0x80 && (isalnum(*p) || strchr("-._~", *p) || (keep_slash && *p == '/'));
    dla_strbuf_printf(out, plain ? "%c" : "%%%02X", *p);
  }
}
