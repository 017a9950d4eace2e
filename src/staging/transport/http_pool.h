/* The HTTP client and its libcurl handles, which keep their connections. */
#ifndef DLA_STAGING_TRANSPORT_HTTP_POOL_H
#define DLA_STAGING_TRANSPORT_HTTP_POOL_H

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>

#include "staging/meter.h"
#include "staging/settings.h"

enum { DLA_HTTP_POOL = 64 };

typedef struct dla_http {
  const dla_stage_settings *settings;
  dla_meter *meter;
  const char *ca_file, *ca_folder; /* NULL: the system's */
  atomic_bool expect_is_ignored;   /* the server does not answer to "Expect: 100-continue" */
  pthread_mutex_t lock;
  char probed[280]; /* "http://HOST:PORT" whose server was asked last whether it speaks TLS, or
                     * empty; under the lock, and so is its answer */
  bool speaks_tls;
  CURL *idle[DLA_HTTP_POOL];
  int idle_count;
} dla_http;

/* A handle without options, for one thread; NULL: out of memory. */
CURL *dla_http_take(dla_http *http);
void dla_http_give_back(dla_http *http, CURL *handle);

/* An attempt that brought no answer. */
typedef struct dla_http_failed {
  dla_http *http;
  CURL *handle;
  CURLcode code;
  const char *url, *name, *reason; /* reason is libcurl's, and may contain a proxy's password */
} dla_http_failed;

/* Makes the error for it; *may_pass says whether to try again. */
dla_status dla_http_failure(const dla_http_failed *failed, bool *may_pass, dla_error *err);

#endif
