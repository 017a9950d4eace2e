/* A URL into a file, going on where it broke: in this process or in one before. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/write_at.h"
#include "staging/digest.h"
#include "staging/storage/http_storage.h"
#include "staging/storage/validators.h"

typedef struct download {
  const dla_http_storage *storage;
  const char *stem;
  char *meta, *part, *part_meta; /* STEM.meta and so on */
  int file;                      /* of the part */
  uint64_t have;                 /* bytes in it */
  bool useless;                  /* what is in the part will help nobody */
  bool has_cached;
  dla_headers cached, partial; /* validators of stem and of the part */
} download;

static dla_meter *meter(const download *d)
{
  return dla_http_meter(d->storage->http);
}

static dla_status on_begin(void *context, const dla_http_response *response, dla_error *err)
{
  download *d = context;
  const dla_headers *h = &response->headers;
  if (response->code == 206) {
    if (h->has_range && h->range_first == d->have) {
      dla_meter_total(meter(d), h->range_total);
      return DLA_OK;
    }
    d->useless = true;
    return dla_fail(err, DLA_E_IO, d->storage->shown, "try again",
                    "the server sent another part than was asked for");
  }
  /* 200: the whole, from its start, be it asked for or because there is a new version. */
  if (ftruncate(d->file, 0)) return dla_fail_errno(err, d->part, "write");
  dla_meter_add(meter(d), -(int64_t)d->have);
  d->have = 0;
  d->partial = *h;
  dla_meter_total(meter(d), h->has_length ? h->length : 0);
  return dla_validators_write(d->part_meta, h, err);
}

static dla_status on_write(void *context, const void *bytes, size_t count, dla_error *err)
{
  download *d = context;
  if (!dla_write_at(d->file, bytes, count, d->have)) {
    d->useless = true; /* the disk is full: make room */
    return dla_fail_errno(err, d->part, "write");
  }
  d->have += count;
  dla_meter_add(meter(d), (int64_t)count);
  return DLA_OK;
}

typedef struct conditions {
  char header[2][192];
} conditions;

/* Goes on with the part where there is one, else asks for what is newer than the cached file. */
static void add_conditions(download *d, dla_http_request *request, conditions *c)
{
  const char *version = dla_validators_for_range(&d->partial);
  if (d->have && version) {
    snprintf(c->header[0], sizeof c->header[0], "Range: bytes=%llu-", (unsigned long long)d->have);
    snprintf(c->header[1], sizeof c->header[1], "If-Range: %s", version);
    request->headers[0] = c->header[0];
    request->headers[1] = c->header[1];
  } else if (d->has_cached) {
    const char *etag = d->cached.etag;
    snprintf(c->header[0], sizeof c->header[0],
             etag[0] ? "If-None-Match: %s" : "If-Modified-Since: %s",
             etag[0] ? etag : d->cached.last_modified);
    request->headers[0] = c->header[0];
  }
}

static dla_status attempt(download *d, double deadline, dla_http_response *response, dla_error *err)
{
  conditions c;
  dla_http_sink sink = {.context = d, .begin = on_begin, .write = on_write};
  dla_http_request request = dla_http_storage_request(d->storage, "GET");
  request.sink = &sink;
  add_conditions(d, &request, &c);
  return dla_http_attempt(d->storage->http, &request, deadline, response, err);
}

/* The server has no such range: the part is as long as the file, or from another one. */
static bool start_again(download *d, const dla_http_response *response)
{
  if (response->code != 416 || d->have == 0) return false;
  dla_meter_add(meter(d), -(int64_t)d->have);
  d->have = 0;
  return true;
}

static dla_status transfer(download *d, bool *unchanged, dla_error *err)
{
  dla_retry retry = dla_http_retry(d->storage->http, d->storage->shown);
  dla_meter_add(meter(d), (int64_t)d->have);
  for (;;) {
    dla_http_response response;
    uint64_t before = d->have;
    dla_status status = attempt(d, retry.deadline, &response, err);
    *unchanged = !status && response.code == 304 && d->has_cached;
    bool done = *unchanged || (!status && dla_http_succeeded(&response));
    if (d->have > before) retry.failures = 0; /* it goes forward */
    bool again =
        !done && (start_again(d, &response) || dla_http_again(&retry, &response, status, err));
    if (!done && !again && !status)
      status = dla_http_explain(d->storage->shown, "download", &response, err);
    dla_http_response_free(&response);
    if (!again) return status;
  }
}

static dla_status check_sha256(const download *d, const char *path, const char *expected,
                               dla_error *err)
{
  dla_digest digest;
  if (!expected[0]) return DLA_OK;
  dla_status status = dla_digest_file(path, DLA_DIGEST_SHA256, &digest, NULL, err);
  if (status || strcasecmp(digest.sha256, expected) == 0) return status;
  return dla_fail(err, DLA_E_INPUT, d->storage->shown, "is it the right URL?",
                  "its SHA-256 is %s, and not %s", digest.sha256, expected);
}

/* The part becomes the file. Without the old validators first: they are not of the new bytes. */
static dla_status finish(download *d, const char *sha256, dla_error *err)
{
  dla_status status = DLA_OK;
  if (fsync(d->file)) status = dla_fail_errno(err, d->part, "flush to the disk");
  if (!status) status = check_sha256(d, d->part, sha256, err);
  if (status) {
    d->useless = true;
    return status;
  }
  unlink(d->meta);
  if (rename(d->part, d->stem)) return dla_fail_errno(err, d->stem, "replace");
  unlink(d->part_meta);
  d->partial.has_length = true;
  d->partial.length = d->have;
  return dla_validators_write(d->meta, &d->partial, err);
}

/* What earlier downloads left. */
static dla_status look_around(download *d, const char *sha256, dla_error *err)
{
  struct stat info;
  d->has_cached = dla_validators_read(d->meta, &d->cached) && stat(d->stem, &info) == 0 &&
                  d->cached.has_length && (uint64_t)info.st_size == d->cached.length &&
                  check_sha256(d, d->stem, sha256, NULL) == DLA_OK;
  d->file = open(d->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (d->file < 0) return dla_fail_errno(err, d->part, "open");
  if (dla_validators_read(d->part_meta, &d->partial) && fstat(d->file, &info) == 0)
    d->have = (uint64_t)info.st_size;
  return DLA_OK;
}

static dla_status download_here(download *d, const char *sha256, bool *unchanged, dla_error *err)
{
  dla_status status = look_around(d, sha256, err);
  if (!status) status = transfer(d, unchanged, err);
  if (!status && !*unchanged) status = finish(d, sha256, err);
  if (d->file >= 0) close(d->file);
  bool resumable = d->have && dla_validators_for_range(&d->partial);
  if (*unchanged || (status && (d->useless || !resumable))) {
    unlink(d->part);
    unlink(d->part_meta);
  }
  return status;
}

static char *with_suffix(const char *stem, const char *suffix)
{
  size_t size = strlen(stem) + strlen(suffix) + 1;
  char *path = malloc(size);
  if (path) snprintf(path, size, "%s%s", stem, suffix);
  return path;
}

dla_status dla_http_download(const dla_http_storage *storage, const char *stem, const char *sha256,
                             bool *unchanged, dla_error *err)
{
  bool ignored;
  download d = {.storage = storage, .stem = stem, .file = -1};
  d.meta = with_suffix(stem, ".meta");
  d.part = with_suffix(stem, ".part");
  d.part_meta = with_suffix(stem, ".part-meta");
  if (!unchanged) unchanged = &ignored;
  *unchanged = false;
  dla_status status =
      d.meta && d.part && d.part_meta ? DLA_OK : dla_fail_memory(err, "a file name");
  if (!status) status = download_here(&d, sha256, unchanged, err);
  free(d.meta);
  free(d.part);
  free(d.part_meta);
  return status;
}
