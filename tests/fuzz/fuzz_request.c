/* Reads any bytes as the request of a browser to the server of reports, and answers it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  if (size >= DLA_HTTP_HEAD) return 0; /* the server reads no more */
  char *text = malloc(size + 1);
  dla_browser_request *request = calloc(1, sizeof *request);
  if (text && request) {
    memcpy(text, bytes, size);
    text[size] = '\0';
    if (dla_browser_is_whole(text)) {
      dla_strbuf page = {0}, out = {0};
      dla_error err = {0};
      const int refused = dla_browser_parse(text, request);
      dla_strbuf_printf(&page, "<p>%d", dla_browser_is_local(request->host, 80));
      dla_browser_answer(request, refused ? refused : 200, &page, &out, &err);
      dla_strbuf_free(&page);
      dla_strbuf_free(&out);
    }
  }
  free(request);
  free(text);
  return 0;
}
