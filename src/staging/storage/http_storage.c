#include "staging/storage/http_storage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/flush.h"
#include "base/make_folder.h"
#include "base/path.h"
#include "base/swept_folder.h"
#include "staging/page.h"

static dla_status head(dla_storage *storage, const char *key, dla_object *object, bool *found,
                       dla_error *err)
{
  const dla_http_storage *s = (const dla_http_storage *)storage;
  dla_http_request request = dla_http_storage_request(s, "HEAD");
  dla_http_response response;
  (void)key;
  dla_status status = dla_http_send(s->http, &request, &response, err);
  *found = !status && dla_http_succeeded(&response);
  if (*found) {
    object->size = response.headers.length;
    dla_object_set_etag(object, response.headers.etag);
  } else if (!status && response.code != 404)
    status = dla_http_explain(s->shown, "look at it", &response, err);
  dla_http_response_free(&response);
  return status;
}

static dla_status get(dla_storage *storage, const dla_object *object, const char *path,
                      dla_error *err)
{
  const dla_http_storage *s = (const dla_http_storage *)storage;
  dla_swept_folder *folder = NULL;
  char *stem = NULL, *parent = dla_path_folder(path);
  (void)object;
  if (!parent) return dla_fail_memory(err, "a file name");
  dla_status status = dla_make_parent(path, err);
  if (!status) status = dla_swept_folder_make(parent, &folder, err);
  if (!status && !(stem = dla_join_path(dla_swept_folder_path(folder), "data")))
    status = dla_fail_memory(err, "a file name");
  if (!status) status = dla_http_download(s, stem, "", NULL, err);
  if (!status && rename(stem, path)) status = dla_fail_errno(err, path, "replace");
  if (!status) dla_flush_folder(parent);
  dla_swept_folder_remove(folder);
  free(stem);
  free(parent);
  return status;
}

/* The context of an upload or deletion, for the question whether it was carried out. */
typedef struct doubt {
  const dla_http_storage *storage;
  bool put;
  uint64_t size;
} doubt;

/* A web page with status 200 comes from a portal, a proxy or a login. With 201, servers may say in
 * HTML that the file was created. */
static bool is_answer(const void *context, const dla_http_response *response)
{
  (void)context;
  return response->code != 200 ||
         !dla_page_is_html(dla_strbuf_text(&response->body), response->body.length);
}

/* Asks the server once. */
static bool was_carried_out(const void *context)
{
  const doubt *d = context;
  const dla_http_storage *s = d->storage;
  dla_http_request request = dla_http_storage_request(s, "HEAD");
  dla_http_response response;
  dla_retry retry = dla_http_retry(s->http, s->shown);
  dla_status status = dla_http_attempt(s->http, &request, retry.deadline, &response, NULL);
  const dla_headers *h = &response.headers;
  bool gone = response.code == 404 || response.code == 410;
  bool held = response.code == 200 && h->has_length && h->length == d->size;
  dla_http_response_free(&response);
  return !status && (d->put ? held : gone);
}

static dla_status explain(const dla_http_storage *s, const char *action,
                          const dla_http_response *response, dla_error *err)
{
  char words[200];
  if (!response->strange) return dla_http_explain(s->shown, action, response, err);
  dla_page_words(dla_strbuf_text(&response->body), response->body.length, words, sizeof words);
  return dla_fail(err, DLA_E_IO, s->shown, "is a portal or a proxy before the server?",
                  "cannot %s: the server answered with a web page (%ld)%s%s", action,
                  response->code, words[0] ? ": " : "", words);
}

static dla_status put(dla_storage *storage, const char *key, int file, const char *name,
                      const char *sha256, dla_error *err)
{
  const dla_http_storage *s = (const dla_http_storage *)storage;
  struct stat info;
  (void)key, (void)sha256;
  if (fstat(file, &info)) return dla_fail_errno(err, name, "look at");
  const doubt d = {.storage = s, .put = true, .size = (uint64_t)info.st_size};
  dla_http_request request = dla_http_storage_request(s, "PUT");
  request.has_file = true;
  request.file = file;
  request.file_size = d.size;
  request.context = &d;
  request.accepts = is_answer;
  request.carried_out = was_carried_out;
  dla_http_response response;
  dla_status status = dla_http_send(s->http, &request, &response, err);
  if (!status && !dla_http_done(&response)) status = explain(s, "upload", &response, err);
  if (!status)
    dla_meter_event(dla_http_meter(s->http), DLA_STAGE_ANSWER, s->shown, request.file_size,
                    "%ld %.400s", response.code, dla_strbuf_text(&response.body));
  dla_http_response_free(&response);
  return status;
}

static dla_status remove_object(dla_storage *storage, const char *key, dla_error *err)
{
  const dla_http_storage *s = (const dla_http_storage *)storage;
  const doubt d = {.storage = s};
  dla_http_request request = dla_http_storage_request(s, "DELETE");
  request.context = &d;
  request.accepts = is_answer;
  request.carried_out = was_carried_out;
  dla_http_response response;
  (void)key;
  dla_status status = dla_http_send(s->http, &request, &response, err);
  if (!status && !dla_http_done(&response) && response.code != 404)
    status = explain(s, "delete it", &response, err);
  dla_http_response_free(&response);
  return status;
}

static void free_storage(dla_storage *storage)
{
  dla_http_storage *s = (dla_http_storage *)storage;
  dla_http_free(s->http);
  free(s->url);
  free(s->shown);
  dla_secret_free(s->user);
  dla_secret_free(s->password);
  free(s);
}

dla_status dla_http_storage_new(dla_location *location, dla_http *http, dla_storage **storage,
                                dla_error *err)
{
  static const dla_storage_operations operations = {.kind = DLA_LOCATION_HTTP,
                                                    .head = head,
                                                    .get = get,
                                                    .put = put,
                                                    .remove = remove_object,
                                                    .free = free_storage};
  dla_http_storage *s = calloc(1, sizeof *s);
  if (!s) {
    dla_http_free(http);
    return dla_fail_memory(err, "a URL");
  }
  s->base.op = &operations;
  s->http = http;
  s->url = strdup(location->path);
  s->shown = strdup(location->shown);
  s->user = location->user;
  s->password = location->password;
  location->user = location->password = NULL;
  if (!s->url || !s->shown) {
    free_storage(&s->base);
    return dla_fail_memory(err, "a URL");
  }
  *storage = &s->base;
  return DLA_OK;
}
