/* An object into a file: in ranges at once where it is large, each going on where its connection
 * broke, the whole verified before it gets its name. */
#include "config.h" /* sync_file_range */

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/atomic_file.h"
#include "base/write_at.h"
#include "staging/copy_file.h"
#include "staging/digest.h"
#include "staging/parallel.h"
#include "staging/s3.h"

/* The checksum of what has come: whoever finishes a part adds all that follow one another, so that
 * nothing is left to do when the last one is there. */
typedef struct checksum {
  pthread_mutex_t lock;
  bool *whole; /* of each part */
  size_t parts, next;
  bool busy;             /* somebody is adding parts */
  dla_digest_kinds kind; /* 0: there is nothing to compare with */
  dla_hasher hasher;
} checksum;

typedef struct download {
  const dla_s3 *s3;
  const dla_object *object;
  const char *path;
  int file;
  uint64_t part_size;  /* 0: the object in one */
  dla_headers headers; /* of part 0 */
  checksum sum;
} download;

typedef struct range {
  download *d;
  size_t index;
  uint64_t next, end; /* what is missing */
} range;

static bool is_whole(const range *r)
{
  return r->next == 0 && r->end == r->d->object->size;
}

static dla_status on_begin(void *context, const dla_http_response *response, dla_error *err)
{
  range *r = context;
  const dla_headers *h = &response->headers;
  if (r->index == 0) r->d->headers = *h;
  bool right = response->code == 206
                   ? h->has_range && h->range_first == r->next && h->range_last == r->end - 1
                   : is_whole(r);
  if (right) return DLA_OK;
  return dla_fail(err, DLA_E_IO, r->d->object->key, NULL,
                  "the server sent another part than was asked for");
}

static dla_status on_write(void *context, const void *bytes, size_t count, dla_error *err)
{
  range *r = context;
  if (count > r->end - r->next)
    return dla_fail(err, DLA_E_IO, r->d->object->key, "try again",
                    "the server sent more bytes than the object has");
  if (!dla_write_at(r->d->file, bytes, count, r->next))
    return dla_fail_errno(err, r->d->path, "write");
  r->next += count;
  dla_meter_add(r->d->s3->meter, (int64_t)count);
  return DLA_OK;
}

/* One attempt at what is missing. The answer's code is 2xx, or it is an error. */
static dla_status attempt(range *r, double deadline, dla_http_response *response, dla_error *err)
{
  const dla_object *object = r->d->object;
  char range_header[80], match[sizeof object->etag + 16];
  dla_http_sink sink = {.context = r, .begin = on_begin, .write = on_write};
  dla_s3_call call = {.method = "GET", .key = object->key, .sink = &sink};
  snprintf(range_header, sizeof range_header, "Range: bytes=%llu-%llu", (unsigned long long)r->next,
           (unsigned long long)(r->end - 1));
  snprintf(match, sizeof match, "If-Match: \"%s\"", object->etag);
  int headers = 0;
  if (!is_whole(r)) call.header[headers++] = range_header;
  if (object->etag[0]) call.header[headers++] = match;
  dla_s3_request request;
  *response = (dla_http_response){0};
  dla_status status = dla_s3_request_init(&request, r->d->s3, &call, err);
  if (!status) status = dla_http_attempt(r->d->s3->http, &request.http, deadline, response, err);
  if (!status && !dla_http_succeeded(response))
    dla_s3_explain(r->d->s3, request.name.text, "download", response, err);
  dla_s3_request_free(&request);
  return status;
}

static range range_at(download *d, size_t index)
{
  uint64_t size = d->object->size, first = index * d->part_size;
  range r = {.d = d, .index = index, .next = first, .end = size};
  if (d->part_size && size - first > d->part_size) r.end = first + d->part_size;
  return r;
}

static dla_status get_range(download *d, size_t index, dla_error *err)
{
  range r = range_at(d, index);
  dla_retry retry = dla_http_retry(d->s3->http, d->object->key);
  for (;;) {
    dla_http_response response;
    uint64_t before = r.next;
    dla_status status = attempt(&r, retry.deadline, &response, err);
    bool done = !status && dla_http_succeeded(&response);
    if (r.next > before) retry.failures = 0; /* it goes forward */
    bool again = !done && dla_http_again(&retry, &response, status, err);
    dla_http_response_free(&response);
    if (again) continue;
    if (done && r.next < r.end)
      return dla_fail(err, DLA_E_IO, d->object->key, "try again", "the object is cut short");
    return done ? DLA_OK : err->status;
  }
}

/* Adds the part sum->next. The first one tells what there is to compare with: the SHA-256 that came
 * with it, else the ETag where that is an MD5. */
static dla_status add_part(download *d, dla_error *err)
{
  checksum *sum = &d->sum;
  dla_status status = DLA_OK;
  if (sum->next == 0) {
    bool md5 = dla_s3_etag_is_md5(d->object->etag) && !d->headers.etag_is_no_md5;
    sum->kind = d->headers.sha256[0] ? DLA_DIGEST_SHA256 : md5 ? DLA_DIGEST_MD5 : 0;
    status = dla_hasher_begin(&sum->hasher, sum->kind, err);
  }
  range r = range_at(d, sum->next);
  if (!status && sum->kind)
    status = dla_hasher_add(&sum->hasher, d->file, d->path, r.next, r.end - r.next, err);
  return status;
}

/* The disk begins to write a part while others come, so that the flush of the whole finds little
 * left to wait for. Only a hint: that flush tells of what went wrong. */
static void write_behind(download *d, size_t index)
{
  range r = range_at(d, index);
  if (d->part_size)
    sync_file_range(d->file, (off_t)r.next, (off_t)(r.end - r.next), SYNC_FILE_RANGE_WRITE);
}

static dla_status get_part(void *context, size_t index, dla_error *err)
{
  download *d = context;
  checksum *sum = &d->sum;
  dla_status status = get_range(d, index, err);
  if (status) return status;
  write_behind(d, index);
  pthread_mutex_lock(&sum->lock);
  sum->whole[index] = true;
  while (!status && !sum->busy && sum->next < sum->parts && sum->whole[sum->next]) {
    sum->busy = true;
    pthread_mutex_unlock(&sum->lock);
    status = add_part(d, err);
    pthread_mutex_lock(&sum->lock);
    sum->next++;
    sum->busy = false;
  }
  pthread_mutex_unlock(&sum->lock);
  return status;
}

static dla_status verify(download *d, dla_error *err)
{
  dla_digest digest;
  const char *sha256 = d->headers.sha256;
  dla_status status = dla_hasher_end(&d->sum.hasher, &digest, err);
  if (status) return status;
  bool right = sha256[0] ? strcasecmp(sha256, digest.sha256) == 0
                         : !digest.md5[0] || strcasecmp(d->object->etag, digest.md5) == 0;
  if (right) return DLA_OK;
  return dla_fail(
      err, DLA_E_DAMAGED, d->object->key, "try again; if it stays, the object is damaged",
      "the bytes are not those that the server's %s tells", sha256[0] ? "SHA-256" : "MD5");
}

static dla_status fetch(download *d, dla_error *err)
{
  const dla_stage_settings *s = d->s3->settings;
  checksum *sum = &d->sum;
  sum->parts = 1;
  if (d->object->size >= s->threshold && d->object->size > s->part_size) {
    d->part_size = s->part_size;
    sum->parts = (size_t)((d->object->size + s->part_size - 1) / s->part_size);
  }
  sum->whole = calloc(sum->parts, sizeof *sum->whole);
  if (!sum->whole || pthread_mutex_init(&sum->lock, NULL)) {
    free(sum->whole);
    return dla_fail_memory(err, "a download");
  }
  dla_status status = dla_parallel(sum->parts, s->parallel, get_part, d, err);
  if (!status) status = verify(d, err);
  pthread_mutex_destroy(&sum->lock);
  dla_hasher_free(&sum->hasher);
  free(sum->whole);
  return status;
}

dla_status dla_s3_get(dla_storage *storage, const dla_object *object, const char *path,
                      dla_error *err)
{
  dla_atomic_file *file = NULL;
  download d = {.s3 = (const dla_s3 *)storage, .object = object, .path = path};
  dla_status status = dla_make_parent(path, err);
  if (!status) status = dla_atomic_open(path, &file, err);
  if (status) return status;
  d.file = dla_atomic_descriptor(file);
  status = fetch(&d, err);
  if (!status) return dla_atomic_commit(file, err);
  dla_atomic_discard(file);
  return status;
}
