/* An object into a file: its parts in one request or in many at once (s3_parts.h), each going on
 * where its connection broke, the whole verified before it gets its name. */
#include "config.h" /* sync_file_range */

#include <fcntl.h>
#include <stdio.h>
#include <strings.h>

#include "base/atomic_file.h"
#include "base/write_at.h"
#include "staging/copy_file.h"
#include "staging/digest.h"
#include "staging/parallel.h"
#include "staging/storage/s3.h"
#include "staging/storage/s3_parts.h"

typedef struct download {
  const dla_s3 *s3;
  const dla_object *object;
  const char *path;
  int file;
  uint64_t part_size;
  size_t connections;
  dla_s3_parts parts;
  dla_headers headers; /* of the answer that began with part 0 */
  dla_hasher hasher;
} download;

/* What one request asks for: some parts that follow one another. */
typedef struct range {
  download *d;
  size_t index;       /* the part that is coming */
  uint64_t next, end; /* what is missing of the request */
  bool cut;           /* another connection has what follows */
} range;

static uint64_t part_end(const download *d, size_t index)
{
  uint64_t size = d->object->size, first = index * d->part_size;
  return size - first > d->part_size ? first + d->part_size : size;
}

static bool is_whole(const range *r)
{
  return r->next == 0 && r->end == r->d->object->size;
}

static dla_status on_begin(void *context, const dla_http_response *response, dla_error *err)
{
  range *r = context;
  const dla_headers *h = &response->headers;
  if (r->next == 0) r->d->headers = *h;
  bool right = response->code == 206
                   ? h->has_range && h->range_first == r->next && h->range_last == r->end - 1
                   : is_whole(r);
  if (right) return DLA_OK;
  return dla_fail(err, DLA_E_IO, r->d->object->key, NULL,
                  "the server sent another part than was asked for");
}

/* The disk begins to write a part while others come, so that the flush of the whole finds little
 * left to wait for. Only a hint: that flush tells of what went wrong. */
static void write_behind(const download *d, size_t index)
{
  uint64_t first = index * d->part_size, size = part_end(d, index) - first;
  if (d->parts.count > 1)
    sync_file_range(d->file, (off_t)first, (off_t)size, SYNC_FILE_RANGE_WRITE);
}

static bool finish_part(range *r)
{
  write_behind(r->d, r->index);
  return dla_s3_parts_finish(&r->d->parts, r->index);
}

static dla_status on_write(void *context, const void *bytes, size_t count, dla_error *err)
{
  range *r = context;
  const char *p = bytes;
  if (count > r->end - r->next)
    return dla_fail(err, DLA_E_IO, r->d->object->key, "try again",
                    "the server sent more bytes than the object has");
  while (count) {
    if (r->next == part_end(r->d, r->index)) {
      r->cut = !finish_part(r);
      if (r->cut) return DLA_E_INTERRUPTED;
      r->index++;
    }
    uint64_t left = part_end(r->d, r->index) - r->next;
    size_t here = count < left ? count : (size_t)left;
    if (!dla_write_at(r->d->file, p, here, r->next))
      return dla_fail_errno(err, r->d->path, "write");
    r->next += here;
    p += here;
    count -= here;
    dla_meter_add(r->d->s3->meter, (int64_t)here);
    dla_s3_parts_add(&r->d->parts, here);
  }
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

static dla_status get_range(range *r, dla_error *err)
{
  const dla_object *object = r->d->object;
  dla_http *http = r->d->s3->http;
  dla_retry retry = dla_http_retry(http, object->key);
  for (;;) {
    dla_http_response response;
    uint64_t before = r->next;
    dla_status status = attempt(r, retry.deadline, &response, err);
    bool done = !status && dla_http_succeeded(&response);
    if (r->next > before) retry.failures = 0; /* it goes forward */
    bool again = !done && !r->cut && dla_http_again(&retry, &response, status, err);
    dla_http_response_free(&response);
    if (r->cut) return DLA_OK;
    if (again) continue;
    if (done && r->next < r->end)
      return dla_fail(err, DLA_E_IO, object->key, "try again", "the object is cut short");
    if (!done) return err->status;
    finish_part(r);
    return DLA_OK;
  }
}

static dla_status get_parts(download *d, dla_error *err)
{
  size_t first, last;
  dla_status status = DLA_OK;
  while (!status && dla_s3_parts_take(&d->parts, &first, &last)) {
    range r = {.d = d, .index = first, .next = first * d->part_size, .end = part_end(d, last)};
    status = get_range(&r, err);
  }
  return status;
}

/* What there is to compare with, as the first part tells: the SHA-256 that came with it, else the
 * ETag where that is an MD5, else nothing (0). */
static dla_digest_kinds known_digest(const download *d)
{
  bool md5 = dla_s3_etag_is_md5(d->object->etag) && !d->headers.etag_is_no_md5;
  return d->headers.sha256[0] ? DLA_DIGEST_SHA256 : md5 ? DLA_DIGEST_MD5 : 0;
}

/* Part by part while others come, so that little is left to do when the last one is there. */
static dla_status add_checksum(download *d, dla_error *err)
{
  dla_status status = DLA_OK;
  for (size_t i = 0; !status && i < d->parts.count; i++) {
    if (!dla_s3_parts_wait(&d->parts, i)) break;
    dla_digest_kinds kind = known_digest(d);
    if (i == 0) status = dla_hasher_begin(&d->hasher, kind, err);
    uint64_t first = i * d->part_size;
    if (!status && kind)
      status = dla_hasher_add(&d->hasher, d->file, d->path, first, part_end(d, i) - first, err);
  }
  return status;
}

/* Connections, and behind them the checksum, which needs what they bring: where there are not
 * threads enough for all, one after another does it, too. */
static dla_status work(void *context, size_t index, dla_error *err)
{
  download *d = context;
  if (index > 0 && index < d->connections) dla_s3_parts_join(&d->parts);
  dla_status status = index < d->connections ? get_parts(d, err) : add_checksum(d, err);
  if (status) dla_s3_parts_fail(&d->parts);
  return status;
}

static dla_status verify(download *d, dla_error *err)
{
  dla_digest digest;
  const char *sha256 = d->headers.sha256;
  dla_status status = dla_hasher_end(&d->hasher, &digest, err);
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
  uint64_t size = d->object->size;
  bool in_parts = size >= s->get_in_parts && size > s->part_size;
  d->part_size = in_parts ? s->part_size : size;
  size_t parts = in_parts ? (size_t)((size + s->part_size - 1) / s->part_size) : 1;
  d->connections = in_parts ? (size_t)s->parallel : 1;
  dla_status status = dla_s3_parts_init(&d->parts, parts, err);
  if (status) return status;
  /* A small object gets no second thread: it is one of many. */
  int threads = in_parts ? s->parallel + 1 : 1;
  status = dla_parallel(d->connections + 1, threads, work, d, err);
  if (!status) status = verify(d, err);
  dla_hasher_free(&d->hasher);
  dla_s3_parts_free(&d->parts);
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
