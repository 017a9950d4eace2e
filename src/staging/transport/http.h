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
  dla_strbuf body; /* errors and listings: what no sink took; at most 64 MiB */
  bool resent;     /* libcurl sent the request again on another connection: the server may have got
                    * it twice */
  bool may_pass;   /* after a failed attempt: another attempt may succeed */
  bool strange;    /* 2xx, but not what was asked for (see accepts()) */
  bool confirmed;  /* the request was carried out, whatever the answer (see carried_out()) */
} dla_http_response;

/* Takes the body of a 2xx answer. */
typedef struct dla_http_sink {
  void *context;
  /* Called once, before the first byte, or at the end of an empty answer. */
  dla_status (*begin)(void *context, const dla_http_response *response, dla_error *err);
  dla_status (*write)(void *context, const void *bytes, size_t count, dla_error *err);
} dla_http_sink;

/* The length of "https://HOST:PORT" in a URL. */
static inline size_t dla_url_authority(const char *url)
{
  const char *host = strstr(url, "://");
  return host ? (size_t)(host + 3 - url) + strcspn(host + 3, "/?#") : 0;
}

enum { DLA_HTTP_HEADERS = 16, DLA_HTTP_ADDED = 3 };

typedef struct dla_http_request {
  const char *method;
  const char *url;  /* without credentials */
  const char *name; /* for errors; holds no secret */
  const char *headers[DLA_HTTP_HEADERS];
  /* what to send: text, or a range of a file */
  const char *body;
  bool has_file;
  int file;
  uint64_t file_offset, file_size;
  const dla_http_sink *sink; /* NULL: the body goes into response->body */
  /* Follow redirects: from https only to https. Credentials stay with the host. */
  bool follow;
  const dla_secret *user, *password; /* basic authentication */
  bool use_netrc;
  bool unstoppable; /* a stop does not end an attempt, because its answer must not be lost */
  /* The following are for dla_http_send(). Each may be NULL. */
  const void *context;
  /* Whether a 2xx answer is what was asked for. If not (a proxy's page), the request is tried
   * again. */
  bool (*accepts)(const void *context, const dla_http_response *response);
  /* Whether the request was carried out. Asked in doubt: after a strange answer, or when an earlier
   * answer was lost. */
  bool (*carried_out)(const void *context);
  /* Makes the headers that sign the request for that URL, anew for each attempt. The caller frees
   * `added`, also after an error. */
  dla_status (*sign)(const void *context, const char *url, dla_strbuf added[DLA_HTTP_ADDED],
                     dla_error *err);
  /* The URL that a 307 leads to, for a request that is signed anew for it. The caller frees it.
   * NULL: the 307 is not followed. Called once for an attempt. */
  char *(*elsewhere)(const void *context, const dla_http_response *response);
} dla_http_request;

/* settings and meter must outlive it. */
dla_status dla_http_new(const dla_stage_settings *settings, dla_meter *meter, dla_http **http,
                        dla_error *err);
void dla_http_free(dla_http *http);

/* Makes one attempt. DLA_OK: an answer came, whatever its code. */
dla_status dla_http_attempt(dla_http *http, const dla_http_request *request, double deadline,
                            dla_http_response *response, dla_error *err);
/* The same, with retries of failures that may pass; the last answer counts. A sink must be able to
 * begin anew. */
dla_status dla_http_send(dla_http *http, const dla_http_request *request,
                         dla_http_response *response, dla_error *err);
void dla_http_response_free(dla_http_response *response);

/* Whether another attempt is worth it. */
bool dla_http_may_pass(const dla_http_response *response, dla_status status);
/* Whether a server that speaks https says so to a client that does not. */
bool dla_http_wants_https(const dla_http_response *response);
/* Waits for the next attempt. Returns false if there is none. err is the attempt's error, if it
 * failed. */
bool dla_http_again(dla_retry *retry, const dla_http_response *response, dla_status status,
                    const dla_error *err);
static inline bool dla_http_succeeded(const dla_http_response *response)
{
  return response->code >= 200 && response->code < 300;
}
/* Whether the request was carried out, after dla_http_send(). */
static inline bool dla_http_done(const dla_http_response *response)
{
  return response->confirmed || (dla_http_succeeded(response) && !response->strange);
}

dla_retry dla_http_retry(dla_http *http, const char *name);
dla_meter *dla_http_meter(dla_http *http);
const dla_stage_settings *dla_http_settings(dla_http *http);

#endif
