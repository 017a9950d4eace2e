#include "staging/transport/http_pool.h"

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
  curl_easy_reset(handle); /* drops credentials and pointers, but keeps connections */
  pthread_mutex_lock(&http->lock);
  bool room = http->idle_count < DLA_HTTP_POOL;
  if (room) http->idle[http->idle_count++] = handle;
  pthread_mutex_unlock(&http->lock);
  if (!room) curl_easy_cleanup(handle);
}
