/* HTTP requests over libcurl: one pool of connections, any number of threads. */
#ifndef DLA_STAGING_TRANSPORT_HTTP_H
#define DLA_STAGING_TRANSPORT_HTTP_H

#include <string.h>

#include "base/strbuf.h"
#include "staging/meter.h"
#include "staging/retry.h"
#include "staging/settings.h"
#include "staging/transport/headers.h"

typedef struct dla_http dla_http;

typedef struct dla_http_response {
  long code;
  dla_headers headers;
  dla_strbuf body; /* of what no sink took: errors, listings; at most 64 MiB */
  bool resent;     /* libcurl sent it again, on another connection: it may have come twice */
  bool may_pass;   /* after a failed attempt: another one may succeed */
  bool strange;    /* 2xx, but not what was asked for (see `accepts`) */
  bool confirmed;  /* whatever was answered: it was carried out (see `carried_out`) */
} dla_http_response;

/* Where the body of a 2xx answer goes. */
typedef struct dla_http_sink {
  void *context;
  /* Once, before the first byte, or at the end of an empty answer. */
  dla_status (*begin)(void *context, const dla_http_response *response, dla_error *err);
  dla_status (*write)(void *context, const void *bytes, size_t count, dla_error *err);
} dla_http_sink;

/* How much of a URL is "https://HOST:PORT". */
static inline size_t dla_url_authority(const char *url)
{
  const char *host = strstr(url, "://");
  return host ? (size_t)(host + 3 - url) + strcspn(host + 3, "/?#") : 0;
}

enum { DLA_HTTP_HEADERS = 16, DLA_HTTP_ADDED = 3 };

typedef struct dla_http_request {
  const char *method;
  const char *url;  /* without credentials */
  const char *name; /* what errors call it: holds no secret */
  const char *headers[DLA_HTTP_HEADERS];
  /* what is sent: text, or a range of a file */
  const char *body;
  bool has_file;
  int file;
  uint64_t file_offset, file_size;
  const dla_http_sink *sink; /* NULL: into response->body */
  /* Redirects are followed: to https only, once https; credentials stay with the host. */
  bool follow;
  const dla_secret *user, *password; /* basic authentication */
  bool use_netrc;
  bool unstoppable; /* a stop does not end an attempt: its answer must not be lost */
  /* What makes an answer one, for dla_http_send(). Each may be NULL. */
  const void *context;
  /* Is a 2xx answer what was asked for? A proxy's page is not, and is tried again. */
  bool (*accepts)(const void *context, const dla_http_response *response);
  /* Was it carried out? Asked in doubt: where an answer was strange, or an earlier one was lost. */
  bool (*carried_out)(const void *context);
  /* Makes the headers that sign the request as it goes to that URL, each time anew; the caller
   * frees them, also after an error. */
  dla_status (*sign)(const void *context, const char *url, dla_strbuf added[DLA_HTTP_ADDED],
                     dla_error *err);
  /* Where a 307 leads, for a request that is signed anew there: a URL that the caller frees, or
   * NULL: it is not followed. Once for an attempt. */
  char *(*elsewhere)(const void *context, const dla_http_response *response);
} dla_http_request;

/* settings and meter must outlive it. */
dla_status dla_http_new(const dla_stage_settings *settings, dla_meter *meter, dla_http **http,
                        dla_error *err);
void dla_http_free(dla_http *http);

/* One attempt. DLA_OK: there is an answer, whatever its code. */
dla_status dla_http_attempt(dla_http *http, const dla_http_request *request, double deadline,
                            dla_http_response *response, dla_error *err);
/* The same with retries of what may pass; the last answer counts. With a sink, only where the sink
 * can begin anew. */
dla_status dla_http_send(dla_http *http, const dla_http_request *request,
                         dla_http_response *response, dla_error *err);
void dla_http_response_free(dla_http_response *response);

/* After an attempt: is it worth another one? */
bool dla_http_may_pass(const dla_http_response *response, dla_status status);
/* Does a server that speaks https tell so to one who does not? */
bool dla_http_wants_https(const dla_http_response *response);
/* Waits for the next attempt; false: there is none. err is that of the attempt, if it failed. */
bool dla_http_again(dla_retry *retry, const dla_http_response *response, dla_status status,
                    const dla_error *err);
static inline bool dla_http_succeeded(const dla_http_response *response)
{
  return response->code >= 200 && response->code < 300;
}
/* After dla_http_send(): was done what was asked for? */
static inline bool dla_http_done(const dla_http_response *response)
{
  return response->confirmed || (dla_http_succeeded(response) && !response->strange);
}

dla_retry dla_http_retry(dla_http *http, const char *name);
dla_meter *dla_http_meter(dla_http *http);
const dla_stage_settings *dla_http_settings(dla_http *http);

#endif
