/* The client, and its libcurl handles, which keep their connections. */
#ifndef DLA_STAGING_TRANSPORT_HTTP_POOL_H
#define DLA_STAGING_TRANSPORT_HTTP_POOL_H

#include <curl/curl.h>
#include <pthread.h>

#include "staging/meter.h"
#include "staging/settings.h"

enum { DLA_HTTP_POOL = 64 };

typedef struct dla_http {
  const dla_stage_settings *settings;
  dla_meter *meter;
  const char *ca_file; /* NULL: the system's */
  pthread_mutex_t lock;
  CURL *idle[DLA_HTTP_POOL];
  int idle_count;
} dla_http;

/* A handle for one thread, without options; NULL: out of memory. */
CURL *dla_http_take(dla_http *http);
void dla_http_give_back(dla_http *http, CURL *handle);

#endif
