/* The S3 storage, and its operations that need only one kind of request: list and delete. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "staging/storage/s3.h"
#include "staging/storage/s3_xml.h"

/* Adds a page's objects, without the prefix in their keys. An empty object whose key ends with a
 * slash marks a folder and is no file. */
static dla_status take_page(const dla_s3 *s3, const dla_http_response *response,
                            dla_objects *objects, char **next, dla_error *err)
{
  size_t first = objects->count, prefix = strlen(s3->prefix);
  dla_status status =
      dla_s3_read_list(dla_strbuf_text(&response->body), response->body.length, objects, next, err);
  size_t kept = first;
  for (size_t i = first; i < objects->count; i++) {
    dla_object object = objects->item[i];
    bool mark = object.size == 0 && object.key[strlen(object.key) - 1] == '/';
    if (strncmp(object.key, s3->prefix, prefix) != 0 || mark) {
      free(object.key);
      continue;
    }
    memmove(object.key, object.key + prefix, strlen(object.key + prefix) + 1);
    objects->item[kept++] = object;
  }
  objects->count = kept;
  return status;
}

/* Lists page by page. If a server's list has no end, it repeats itself: the same token or the same
 * objects come again, or empty pages come. */
typedef struct listing {
  const dla_s3 *s3;
  dla_objects *objects;
  char *token, *mark; /* of the next page; of an earlier page, set further and further back (R.
                       * Brent) */
  size_t pages, renew, empty;
} listing;

static dla_status list_page(listing *l, dla_error *err)
{
  const dla_s3 *s3 = l->s3;
  dla_strbuf query = {0};
  if (l->token) {
    dla_strbuf_printf(&query, "continuation-token=");
    dla_s3_encode(&query, l->token, false);
    dla_strbuf_printf(&query, "&");
  }
  dla_strbuf_printf(&query, "encoding-type=url&list-type=2&max-keys=1000&prefix=");
  dla_s3_encode(&query, s3->prefix, false);
  free(l->token);
  l->token = NULL;
  dla_http_response response = {0};
  dla_s3_call call = {.method = "GET", .query = query.text, .root = "ListBucketResult"};
  dla_status status = query.failed ? dla_fail_memory(err, "a request") : DLA_OK;
  if (!status) status = dla_s3_send(s3, &call, "list the bucket", false, &response, err);
  if (!status) status = take_page(s3, &response, l->objects, &l->token, err);
  dla_http_response_free(&response);
  dla_strbuf_free(&query);
  return status;
}

/* `first` is where the page's objects begin, `before` where those of the previous page began. */
static dla_status check_progress(listing *l, size_t before, size_t first, dla_error *err)
{
  enum { MOST_EMPTY = 100 };
  const dla_objects *o = l->objects;
  l->empty = o->count > first ? 0 : l->empty + 1;
  bool repeats = l->token && l->mark && strcmp(l->token, l->mark) == 0;
  repeats |= l->empty > MOST_EMPTY;
  repeats |=
      before < first && first < o->count && strcmp(o->item[before].key, o->item[first].key) == 0;
  if (repeats)
    return dla_fail(err, DLA_E_IO, l->s3->bucket, "does the endpoint speak ListObjectsV2?",
                    "cannot list the bucket: the list has no end: a page comes again and again");
  if (++l->pages >= l->renew && l->token) {
    free(l->mark);
    l->mark = strdup(l->token);
    if (!l->mark) return dla_fail_memory(err, "a list of objects");
    l->renew = 2 * l->pages;
  }
  return DLA_OK;
}

/* Drops doubles from the sorted list: a page may begin with the last key of the page before. */
static void drop_doubles(dla_objects *objects)
{
  size_t kept = 0;
  for (size_t i = 0; i < objects->count; i++) {
    if (kept && strcmp(objects->item[kept - 1].key, objects->item[i].key) == 0)
      free(objects->item[i].key);
    else
      objects->item[kept++] = objects->item[i];
  }
  objects->count = kept;
}

static dla_status list(dla_storage *storage, dla_objects *objects, dla_error *err)
{
  listing l = {.s3 = (const dla_s3 *)storage, .objects = objects};
  size_t before = objects->count, first = before;
  dla_status status = list_page(&l, err);
  while (!status && l.token) {
    status = check_progress(&l, before, first, err);
    before = first;
    first = objects->count;
    if (!status) status = list_page(&l, err);
  }
  free(l.token);
  free(l.mark);
  dla_objects_sort(objects);
  drop_doubles(objects);
  return status;
}

static bool is_gone(const dla_s3 *s3, const dla_s3_call *call)
{
  dla_object object = {0};
  bool found = true;
  dla_storage *storage = (dla_storage *)&s3->base;
  return dla_s3_head(storage, call->key, &object, &found, NULL) == DLA_OK && !found;
}

static dla_status remove_object(dla_storage *storage, const char *key, dla_error *err)
{
  const dla_s3 *s3 = (const dla_s3 *)storage;
  dla_http_response response;
  dla_s3_call call = {
      .method = "DELETE", .key = key, .accepts = dla_s3_says_nothing, .carried_out = is_gone};
  dla_status status = dla_s3_send(s3, &call, "delete", true, &response, err);
  dla_http_response_free(&response);
  return status;
}

static void free_storage(dla_storage *storage)
{
  dla_s3 *s3 = (dla_s3 *)storage;
  dla_http_free(s3->http);
  free(s3->bucket_url);
  free(s3->bucket);
  free(s3->prefix);
  dla_secret_free(s3->token_header);
  for (size_t i = 0; i < sizeof s3->customer / sizeof *s3->customer; i++)
    dla_secret_free(s3->customer[i]);
  for (size_t i = 0; i < sizeof s3->create / sizeof *s3->create; i++)
    free(s3->create[i]);
  free(s3);
}

dla_status dla_s3_storage_new(const dla_location *location, dla_http *http, dla_storage **storage,
                              dla_error *err)
{
  static const dla_storage_operations operations = {.kind = DLA_LOCATION_S3,
                                                    .list = list,
                                                    .head = dla_s3_head,
                                                    .get = dla_s3_get,
                                                    .put = dla_s3_put,
                                                    .remove = remove_object,
                                                    .free = free_storage};
  dla_s3 *s3 = calloc(1, sizeof *s3);
  if (!s3) {
    dla_http_free(http);
    return dla_fail_memory(err, "S3");
  }
  s3->base.op = &operations;
  s3->http = http;
  s3->settings = dla_http_settings(http);
  s3->meter = dla_http_meter(http);
  s3->bucket = strdup(location->bucket);
  s3->prefix = dla_join_path(location->path, "");
  dla_status status = s3->bucket && s3->prefix ? DLA_OK : dla_fail_memory(err, "S3");
  if (!status) status = dla_s3_set_up(s3, err);
  if (status)
    free_storage(&s3->base);
  else
    *storage = &s3->base;
  return status;
}
