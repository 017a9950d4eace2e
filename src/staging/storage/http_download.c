/* Downloads a URL into a file. It goes on where an earlier attempt broke off, of this process or of
 * one before. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/flush.h"
#include "base/write_at.h"
#include "staging/digest.h"
#include "staging/storage/http_storage.h"
#include "staging/storage/validators.h"

/* What a power failure may cost of a download. */
static const uint64_t flush_bytes = 64 << 20;

typedef struct download {
  const dla_http_storage *storage;
  const char *stem;
  char *meta, *part, *part_meta; /* STEM.meta and so on */
  int file;                      /* the part's descriptor */
  uint64_t have;                 /* bytes in it */
  uint64_t most;                 /* the most it ever had: more than that is progress */
  uint64_t durable;              /* of these bytes, so many survive a power failure */
  uint64_t skip;                 /* bytes at the start of an answer that the part has already */
  bool useless;                  /* nobody can use the content of the part */
  bool other;                    /* an answer was another version, or another range */
  bool has_cached;
  dla_headers cached, partial; /* the validators of the stem and of the part */
} download;

static dla_meter *meter(const download *d)
{
  return dla_http_meter(d->storage->http);
}

static dla_status fail_other(download *d, const char *what, dla_error *err)
{
  d->other = true;
  return dla_fail(err, DLA_E_IO, d->storage->shown, "try again", "%s", what);
}

/* A 206 may continue the part only if it is the same version. A server that ignores If-Range shows
 * another version by its ETag, by its date, or by its length. (It must send the ETag in a 206 if
 * the 200 had one: RFC 9110, 15.3.7.) */
static bool is_same_version(const download *d, const dla_headers *h)
{
  const dla_headers *p = &d->partial;
  if (p->etag[0] && strcmp(p->etag, h->etag) != 0) return false;
  if (!p->etag[0] && h->last_modified[0] && strcmp(p->last_modified, h->last_modified) != 0)
    return false;
  return !h->has_total || !p->has_length || h->range_total == p->length;
}

/* The range may begin earlier than asked: some caches work in blocks. */
static dla_status begin_part(download *d, const dla_headers *h, dla_error *err)
{
  if (!h->has_range || h->range_first > d->have)
    return fail_other(d, "the server sent another part than was asked for", err);
  if (d->have && !is_same_version(d, h))
    return fail_other(d, "the file was changed at the server meanwhile", err);
  if (!d->have) d->partial = *h; /* a 206 to a request without a range */
  if (h->has_total) {
    d->partial.has_length = true;
    d->partial.length = h->range_total;
    dla_meter_total(meter(d), h->range_total);
  }
  d->skip = d->have - h->range_first;
  return d->have ? DLA_OK : dla_validators_write(d->part_meta, &d->partial, 0, err);
}

static dla_status on_begin(void *context, const dla_http_response *response, dla_error *err)
{
  download *d = context;
  const dla_headers *h = &response->headers;
  d->skip = 0;
  if (response->code == 206) return begin_part(d, h, err);
  if (response->code != 200)
    return dla_fail(err, DLA_E_IO, d->storage->shown, "check the URL",
                    "cannot download: the server answered %ld, and no file", response->code);
  /* The whole file, from its start: it was asked for, or there is a new version. */
  dla_meter_add(meter(d), -(int64_t)d->have);
  d->have = d->durable = 0;
  d->partial = *h;
  dla_meter_total(meter(d), h->has_length ? h->length : 0);
  dla_status status = dla_validators_write(d->part_meta, h, 0, err); /* before other bytes come */
  if (status) return status;
  return ftruncate(d->file, 0) ? dla_fail_errno(err, d->part, "write") : DLA_OK;
}

/* A file's size may be on the disk without its bytes: what was not flushed is fetched again. */
static dla_status note_durable(download *d, dla_error *err)
{
  if (d->have == d->durable) return DLA_OK;
  if (fdatasync(d->file)) return dla_fail_errno(err, d->part, "flush to the disk");
  d->durable = d->have;
  return dla_validators_write(d->part_meta, &d->partial, d->durable, err);
}

static dla_status on_write(void *context, const void *bytes, size_t count, dla_error *err)
{
  download *d = context;
  size_t skipped = count < d->skip ? count : (size_t)d->skip;
  d->skip -= skipped;
  bytes = (const char *)bytes + skipped;
  count -= skipped;
  if (!dla_write_at(d->file, bytes, count, d->have)) {
    d->useless = true; /* the disk may be full: deleting the part makes room */
    return dla_fail_errno(err, d->part, "write");
  }
  d->have += count;
  dla_meter_add(meter(d), (int64_t)count);
  return d->have - d->durable < flush_bytes ? DLA_OK : note_durable(d, err);
}

typedef struct conditions {
  char header[2][192];
} conditions;

/* Continues the part if there is one. Else it asks only for a version that is newer than the cached
 * file. */
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

static void forget_part(download *d)
{
  dla_meter_add(meter(d), -(int64_t)d->have);
  d->have = d->durable = 0;
}

typedef enum verdict { DONE, GO_ON, FAILED } verdict;

/* 416: the file has no bytes behind ours. The length in the answer decides. If it is ours, we have
 * all, though the first answer promised more. Else this is another version. */
static verdict judge_416(download *d, const dla_headers *h)
{
  if (d->have == 0) return FAILED;
  bool same = !h->etag[0] || strcmp(h->etag, d->partial.etag) == 0;
  if (h->has_total && h->range_total == d->have && same) return DONE;
  forget_part(d);
  return GO_ON;
}

/* Decides what to do after an attempt. */
static verdict judge(download *d, const dla_http_response *response, dla_status status)
{
  if (status) {
    if (d->other) forget_part(d);
    return d->other ? GO_ON : FAILED;
  }
  if (response->code == 416) return judge_416(d, &response->headers);
  if (!dla_http_succeeded(response)) return FAILED;
  /* A range may end before the file does. */
  bool all = response->code != 206 || !d->partial.has_length || d->have >= d->partial.length;
  return all ? DONE : GO_ON;
}

/* Bytes that were there before are no progress, or a server could send them forever. */
static void note_progress(download *d, dla_retry *retry)
{
  if (d->have > d->most) retry->failures = 0;
  if (d->have > d->most) d->most = d->have;
}

/* Whether to make another attempt. */
static bool goes_on(download *d, dla_retry *retry, verdict v, const dla_http_response *response,
                    dla_status status, const dla_error *err)
{
  bool forward = d->have > d->most;
  note_progress(d, retry);
  if (v == DONE) return false;
  if (v == FAILED) return dla_http_again(retry, response, status, err);
  if (!status && forward) return true; /* a range came: asks for the next one */
  return dla_retry_again(retry, 0, status ? err->what : "the server has no such part of the file");
}

static dla_status transfer(download *d, bool *unchanged, dla_error *err)
{
  dla_retry retry = dla_http_retry(d->storage->http, d->storage->shown);
  dla_meter_add(meter(d), (int64_t)d->have);
  d->most = d->have;
  for (;;) {
    dla_http_response response;
    dla_error why = {0};
    d->other = false;
    dla_status status = attempt(d, retry.deadline, &response, &why);
    *unchanged = !status && response.code == 304 && d->has_cached;
    verdict v = *unchanged ? DONE : judge(d, &response, status);
    bool again = goes_on(d, &retry, v, &response, status, &why);
    if (v != DONE && !again && !status)
      status = dla_http_explain(d->storage->shown, "download", &response, &why);
    dla_http_response_free(&response);
    if (again) continue;
    if (v != DONE) status = dla_retry_end(&retry, status, &why);
    if (status && err) *err = why;
    return status;
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

/* Renames the part to the file. Deletes the old validators first: they do not belong to the new
 * bytes. Writes the new ones when the new name is durable: they might fit an old file of the same
 * size. */
static dla_status finish(download *d, const char *sha256, dla_error *err)
{
  dla_status status = DLA_OK;
  if (ftruncate(d->file, (off_t)d->have)) status = dla_fail_errno(err, d->part, "write");
  if (!status && fsync(d->file)) status = dla_fail_errno(err, d->part, "flush to the disk");
  if (!status) status = check_sha256(d, d->part, sha256, err);
  if (status) {
    d->useless = true;
    return status;
  }
  unlink(d->meta);
  if (rename(d->part, d->stem)) return dla_fail_errno(err, d->stem, "replace");
  unlink(d->part_meta);
  dla_flush_folder_of(d->stem);
  d->partial.has_length = true;
  d->partial.length = d->have;
  return dla_validators_write(d->meta, &d->partial, d->have, err);
}

/* Looks at what earlier downloads left. */
static dla_status look_around(download *d, const char *sha256, dla_error *err)
{
  struct stat info;
  dla_atomic_sweep_of(d->meta);
  dla_atomic_sweep_of(d->part_meta);
  d->has_cached = dla_validators_read(d->meta, &d->cached, NULL) && stat(d->stem, &info) == 0 &&
                  d->cached.has_length && (uint64_t)info.st_size == d->cached.length &&
                  check_sha256(d, d->stem, sha256, NULL) == DLA_OK;
  d->file = open(d->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (d->file < 0) return dla_fail_errno(err, d->part, "open");
  if (dla_validators_read(d->part_meta, &d->partial, &d->durable) && fstat(d->file, &info) == 0)
    d->have = d->durable =
        d->durable < (uint64_t)info.st_size ? d->durable : (uint64_t)info.st_size;
  return DLA_OK;
}

static dla_status download_here(download *d, const char *sha256, bool *unchanged, dla_error *err)
{
  dla_status status = look_around(d, sha256, err);
  if (!status) status = transfer(d, unchanged, err);
  if (!status && !*unchanged) status = finish(d, sha256, err);
  bool resumable = d->have && dla_validators_for_range(&d->partial);
  if (status && !d->useless && resumable) resumable = note_durable(d, NULL) == DLA_OK;
  if (*unchanged || (status && (d->useless || !resumable))) {
    unlink(d->part);
    unlink(d->part_meta);
  }
  if (d->file >= 0) close(d->file);
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

void dla_http_forget(const char *stem)
{
  char *meta = with_suffix(stem, ".meta");
  if (meta) unlink(meta); /* first: without it, nobody takes the file for a download */
  unlink(stem);
  free(meta);
}
