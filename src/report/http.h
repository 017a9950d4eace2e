/* The part of HTTP that a page on this machine needs: GET and HEAD, one request a connection.
 *
 * libmicrohttpd was considered. It is well kept, but brings GnuTLS into the build and the image,
 * for two kinds of pages on loopback. This parses one request line and two headers, below a limit.
 */
#ifndef DLA_REPORT_HTTP_H
#define DLA_REPORT_HTTP_H

#include <stdbool.h>

#include "base/strbuf.h"

enum { DLA_HTTP_HEAD = 8192 }; /* the most bytes of a request */

typedef struct dla_browser_request {
  bool head;                /* HEAD: answer without the page */
  char path[DLA_HTTP_HEAD]; /* decoded, without the part behind '?' */
  char host[256], if_none_match[128];
} dla_browser_request;

/* Whether the head of the request is complete. */
bool dla_browser_is_whole(const char *text);
/* Returns 0, or the status of the answer that refuses the request: 400, 405. text must be
 * complete. */
int dla_browser_parse(const char *text, dla_browser_request *request);
/* Whether the Host header names this machine's loopback. A page of another site whose name was made
 * to lead here (DNS rebinding) has its own name there. */
bool dla_browser_is_local(const char *host, int port);

/* Appends an answer with an HTML page; its ETag is a digest of the page. The answer has no page if
 * the client has it already, or if the status is not 200. */
dla_status dla_browser_answer(const dla_browser_request *request, int status,
                              const dla_strbuf *page, dla_strbuf *out, dla_error *err);

#endif
