#include "staging/http_pool.h"

#include <stdlib.h>

/* What the curl program honours and libcurl does not; SSL_CERT_FILE is OpenSSL's own. */
static const char *ca_file(void)
{
  const char *file = getenv("CURL_CA_BUNDLE");
  if (!file || !*file) file = getenv("SSL_CERT_FILE");
  return file && *file ? file : NULL;
}

dla_status dla_http_new(const dla_stage_settings *settings, dla_meter *meter, dla_http **out,
                        dla_error *err)
{
  if (curl_global_init(CURL_GLOBAL_DEFAULT)) return dla_fail_memory(err, "libcurl");
  dla_http *http = calloc(1, sizeof *http);
  if (!http || pthread_mutex_init(&http->lock, NULL)) {
    free(http);
    curl_global_cleanup();
    return dla_fail_memory(err, "libcurl");
  }
  http->settings = settings;
  http->meter = meter;
  http->ca_file = ca_file();
  *out = http;
  return DLA_OK;
}

void dla_http_free(dla_http *http)
{
  if (!http) return;
  while (http->idle_count)
    curl_easy_cleanup(http->idle[--http->idle_count]);
  pthread_mutex_destroy(&http->lock);
  free(http);
  curl_global_cleanup();
}

CURL *dla_http_take(dla_http *http)
{
  CURL *handle = NULL;
  pthread_mutex_lock(&http->lock);
  if (http->idle_count) handle = http->idle[--http->idle_count];
  pthread_mutex_unlock(&http->lock);
  return handle ? handle : curl_easy_init();
}

void dla_http_give_back(dla_http *http, CURL *handle)
{
  curl_easy_reset(handle); /* drops credentials and pointers, keeps connections */
  pthread_mutex_lock(&http->lock);
  bool room = http->idle_count < DLA_HTTP_POOL;
  if (room) http->idle[http->idle_count++] = handle;
  pthread_mutex_unlock(&http->lock);
  if (!room) curl_easy_cleanup(handle);
}
