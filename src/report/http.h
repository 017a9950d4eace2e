/* The little of HTTP that a page on this machine needs: GET and HEAD, one request a connection.
 *
 * libmicrohttpd was considered: it is well kept, but brings GnuTLS into the build and the image for
 * two kinds of pages on loopback. This parses one request line and two headers, below a limit. */
#ifndef DLA_REPORT_HTTP_H
#define DLA_REPORT_HTTP_H

#include <stdbool.h>

#include "base/strbuf.h"

enum { DLA_HTTP_HEAD = 8192 }; /* bytes of a request, at most */

typedef struct dla_browser_request {
  bool head;                /* HEAD: without the page */
  char path[DLA_HTTP_HEAD]; /* decoded, without what is behind '?' */
  char host[256], if_none_match[128];
} dla_browser_request;

/* Is the head of a request whole? */
bool dla_browser_is_whole(const char *text);
/* Returns 0, or the status of the answer that refuses it: 400, 405. text is whole. */
int dla_browser_parse(const char *text, dla_browser_request *request);
/* Does the Host header name this machine's loopback? A page of another site whose name was made to
 * lead here (DNS rebinding) says its own name. */
bool dla_browser_is_local(const char *host, int port);

/* Appends an answer with a page of HTML; its ETag is a digest of it. One that the client has
 * already, or with a status but 200, is short. */
dla_status dla_browser_answer(const dla_browser_request *request, int status,
                              const dla_strbuf *page, dla_strbuf *out, dla_error *err);

#endif
