/* Downloads an object into a file, in one request or in many parts at once (s3_parts.h). Each
 * request goes on where its connection broke. The whole is verified before the file gets its
 * name. */
#include "config.h" /* sync_file_range */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/make_folder.h"
#include "base/try.h"
#include "base/write_at.h"
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
  char etag[128];      /* of the version that is being read; empty: not known yet */
  dla_headers headers; /* of the answer that brought the first byte */
  dla_digest wanted;   /* the digests that those headers name */
  dla_hasher hasher;
} download;

/* One request: some parts that follow one another. */
typedef struct range {
  download *d;
  size_t index;       /* the current part */
  uint64_t next, end; /* the bytes that are still missing */
  uint64_t skip;      /* bytes to skip: they come before `next`, unasked */
  bool cut;           /* another connection takes the parts behind this one */
  bool enough;        /* the server goes on with bytes that were not asked for */
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

static dla_status fail_changed(const download *d, dla_error *err)
{
  return dla_fail(err, DLA_E_IO, d->object->key, "try again",
                  "the object was changed while it was read");
}

/* All answers must be the same version: a server may ignore If-Match. */
static bool is_same_version(download *d, const dla_headers *h)
{
  dla_object answer = {0};
  dla_object_set_etag(&answer, h->etag);
  if (!answer.etag[0]) return true;
  pthread_mutex_lock(&d->parts.lock);
  if (!d->etag[0]) memcpy(d->etag, answer.etag, sizeof d->etag);
  bool same = strcmp(d->etag, answer.etag) == 0;
  pthread_mutex_unlock(&d->parts.lock);
  return same;
}

/* Whether the answer fits the object's length. A 206 tells it behind the slash. */
static bool has_right_length(const range *r, const dla_http_response *response)
{
  const dla_headers *h = &response->headers;
  uint64_t size = r->d->object->size;
  if (response->code == 206) return !h->has_total || h->range_total == size;
  return !h->has_length || h->length == size;
}

/* A server may begin earlier than asked, or send everything: the surplus is skipped. */
static dla_status on_begin(void *context, const dla_http_response *response, dla_error *err)
{
  range *r = context;
  const dla_headers *h = &response->headers;
  const char *key = r->d->object->key;
  bool part = response->code == 206;
  r->skip = r->next;
  r->enough = false;
  if (dla_s3_is_page(response)) return dla_s3_fail_page(key, "download", response, err);
  if ((!part && response->code != 200) || (part && !h->has_range))
    return dla_fail(err, DLA_E_IO, key, "try again", "the server answered %ld, and no object",
                    response->code);
  if (!is_same_version(r->d, h) || !has_right_length(r, response)) return fail_changed(r->d, err);
  if (part && (h->range_first > r->next || h->range_last < r->next))
    return dla_fail(err, DLA_E_IO, key, NULL, "the server sent another part than was asked for");
  if (part) r->skip = r->next - h->range_first;
  if (r->next == 0) {
    r->d->headers = *h;
    bool whole = !part || h->range_last + 1 == r->d->object->size;
    if (!whole) r->d->headers.checksum = (dla_digest){0}; /* it may be the checksum of the part */
  }
  return DLA_OK;
}

/* Lets the disk begin to write a part while others come, so that the final flush has little to wait
 * for. It is only a hint: that flush reports errors. */
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
  size_t skipped = count < r->skip ? count : (size_t)r->skip;
  r->skip -= skipped;
  p += skipped;
  count -= skipped;
  if (count > r->end - r->next && !is_whole(r) && r->end < r->d->object->size) {
    count = (size_t)(r->end - r->next);
    r->enough = true;
  }
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
  return r->enough ? DLA_E_INTERRUPTED : DLA_OK;
}

/* Asks once for what is missing. Fails unless the answer's code is 2xx; *response says why. */
static dla_status attempt(range *r, double deadline, dla_http_response *response, dla_error *err)
{
  const dla_object *object = r->d->object;
  char range_header[80], match[sizeof object->etag + 16];
  dla_http_sink sink = {.context = r, .begin = on_begin, .write = on_write};
  dla_s3_call call = {.method = "GET", .key = object->key, .use = DLA_S3_READ, .sink = &sink};
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
    bool done = (!status && dla_http_succeeded(&response)) || r->enough;
    if (r->next > before) retry.failures = 0; /* it makes progress */
    bool again = !done && !r->cut && dla_http_again(&retry, &response, status, err);
    dla_http_response_free(&response);
    if (r->cut) return DLA_OK;
    if (again) continue;
    if (done && r->next < r->end) return fail_changed(r->d, err);
    if (!done) return dla_retry_end(&retry, err->status, err);
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

/* The digests to compare with, from the first part's headers: the SHA-256, else the ETag if that is
 * an MD5, and the checksums that the server sends. */
static dla_digest_kinds known_digests(download *d)
{
  const dla_headers *h = &d->headers;
  bool md5 = dla_s3_etag_is_md5(d->etag) && !h->etag_is_no_md5;
  d->wanted = h->checksum;
  if (h->sha256[0])
    memcpy(d->wanted.sha256, h->sha256, sizeof d->wanted.sha256);
  else if (md5)
    memcpy(d->wanted.md5, d->etag, sizeof d->wanted.md5); /* 32 digits and a NUL */
  return dla_digest_known(&d->wanted);
}

/* Computes the checksum part by part while others come, so that little is left to do in the end. */
static dla_status add_checksum(download *d, dla_error *err)
{
  dla_status status = DLA_OK;
  for (size_t i = 0; !status && i < d->parts.count; i++) {
    if (!dla_s3_parts_wait(&d->parts, i)) break;
    if (i == 0) status = dla_hasher_begin(&d->hasher, known_digests(d), err);
    uint64_t first = i * d->part_size;
    if (!status && d->hasher.kinds)
      status = dla_hasher_add(&d->hasher, d->file, d->path, first, part_end(d, i) - first, err);
  }
  return status;
}

/* The first jobs are connections, the last one is the checksum, which needs what they bring. If
 * there are fewer threads than jobs, a thread does one job after another, in this order. */
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
  const char *differs = NULL;
  dla_status status = dla_hasher_end(&d->hasher, &digest, err);
  if (!status) differs = dla_digest_difference(&d->wanted, &digest);
  if (!differs) return status;
  return dla_fail(err, DLA_E_DAMAGED, d->object->key,
                  "try again; if it stays, other bytes are stored than were sent",
                  "the bytes are not those that the server's %s tells", differs);
}

static dla_status fetch(download *d, dla_error *err)
{
  const dla_stage_settings *s = d->s3->settings;
  uint64_t size = d->object->size;
  bool in_parts = size >= s->get_in_parts && size > s->part_size;
  d->part_size = in_parts ? s->part_size : size;
  size_t parts = in_parts ? (size_t)((size + s->part_size - 1) / s->part_size) : 1;
  d->connections = in_parts ? (size_t)s->parallel : 1;
  TRY(dla_s3_parts_init(&d->parts, parts, err));
  /* A small object gets no second thread: it is one of many. */
  int threads = in_parts ? s->parallel + 1 : 1;
  dla_status status = dla_parallel(d->connections + 1, threads, work, d, err);
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
  memcpy(d.etag, object->etag, sizeof d.etag);
  TRY(dla_make_parent(path, err));
  TRY(dla_atomic_open(path, &file, err));
  d.file = dla_atomic_descriptor(file);
  dla_status status = fetch(&d, err);
  return dla_atomic_end(file, status, err);
}
