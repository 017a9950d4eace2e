/* Multipart uploads. A failed upload is aborted: its parts would stay, unseen, and be paid for. So
 * are uploads that a killed process left behind. */
#include "config.h" /* strptime */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/try.h"
#include "staging/parallel.h"
#include "staging/storage/s3.h"
#include "staging/storage/s3_xml.h"

enum { MOST_PARTS = 10000, ETAG_TEXT = 128 };

typedef struct upload {
  const dla_s3 *s3;
  const char *key;
  const dla_s3_sent *sent;
  uint64_t part_size;
  size_t parts;
  char *id;
  char (*etag)[ETAG_TEXT]; /* ETag of each part, with quotes */
} upload;

/* Appends "uploadId=ID", encoded. */
static void add_id(dla_strbuf *query, const char *id)
{
  dla_strbuf_printf(query, "uploadId=");
  dla_s3_encode(query, id, false);
}

static dla_status begin(upload *u, dla_error *err)
{
  char meta[96];
  snprintf(meta, sizeof meta, "x-amz-meta-sha256: %s", u->sent->digest.sha256);
  dla_http_response response;
  /* "uploads=" and not "uploads": the query is signed as it stands. */
  dla_s3_call call = {.method = "POST",
                      .key = u->key,
                      .query = "uploads=",
                      .body = "",
                      .header = {meta},
                      .use = DLA_S3_CREATE,
                      .root = "InitiateMultipartUploadResult",
                      .unstoppable = true};
  dla_status status = dla_s3_send(u->s3, &call, "begin an upload", false, &response, err);
  if (!status)
    status =
        dla_s3_read_upload_id(dla_strbuf_text(&response.body), response.body.length, &u->id, err);
  dla_http_response_free(&response);
  return status;
}

/* An answer without an ETag is not S3's. The upload cannot be completed without the ETag. */
static bool is_part_stored(const dla_s3_call *call, const dla_http_response *response)
{
  const dla_digest *digest = call->context;
  return dla_s3_has_etag_of(response, digest->md5);
}

static dla_status put_part(void *context, size_t index, dla_error *err)
{
  upload *u = context;
  dla_digest digest;
  uint64_t offset = index * u->part_size, left = u->sent->size - offset;
  uint64_t size = left < u->part_size ? left : u->part_size;
  int file = u->sent->file;
  TRY(dla_digest_range(file, u->key, offset, size, dla_s3_sent_kinds(u->s3, size), &digest, err));
  dla_strbuf query = {0};
  dla_strbuf_printf(&query, "partNumber=%zu&", index + 1);
  add_id(&query, u->id);
  dla_http_response response = {0};
  dla_s3_call call = {.method = "PUT",
                      .key = u->key,
                      .query = query.text,
                      .has_file = true,
                      .file = file,
                      .file_offset = offset,
                      .file_size = size,
                      .payload_sha256 = digest.sha256,
                      .use = DLA_S3_WRITE_PART,
                      .accepts = is_part_stored,
                      .context = &digest};
  dla_status status = query.failed ? dla_fail_memory(err, "a request")
                                   : dla_s3_send(u->s3, &call, "upload", false, &response, err);
  if (!status) snprintf(u->etag[index], ETAG_TEXT, "%s", response.headers.etag);
  dla_http_response_free(&response);
  dla_strbuf_free(&query);
  return status;
}

/* Looks at the object. The answer may be lost although the upload was completed. Or a proxy may
 * have answered 200 although it was not. */
static bool was_completed(const dla_s3 *s3, const dla_s3_call *call)
{
  const upload *u = call->context;
  return dla_s3_holds(s3, u->key, u->sent);
}

static dla_status complete(const upload *u, dla_error *err)
{
  dla_strbuf body = {0}, query = {0};
  add_id(&query, u->id);
  dla_strbuf_printf(&body, "<CompleteMultipartUpload>");
  for (size_t i = 0; i < u->parts; i++)
    dla_strbuf_printf(&body, "<Part><PartNumber>%zu</PartNumber><ETag>%s</ETag></Part>", i + 1,
                      u->etag[i]);
  dla_strbuf_printf(&body, "</CompleteMultipartUpload>");
  dla_http_response response = {0};
  dla_s3_call call = {.method = "POST",
                      .key = u->key,
                      .query = query.text,
                      .body = body.text,
                      .root = "CompleteMultipartUploadResult",
                      .carried_out = was_completed,
                      .context = u};
  dla_status status = DLA_OK;
  if (body.failed || query.failed) status = dla_fail_memory(err, "a request");
  if (!status) status = dla_s3_send(u->s3, &call, "complete the upload", false, &response, err);
  dla_http_response_free(&response);
  dla_strbuf_free(&body);
  dla_strbuf_free(&query);
  return status;
}

static void abort_upload(const dla_s3 *s3, const char *key, const char *upload_id)
{
  dla_strbuf query = {0};
  add_id(&query, upload_id);
  dla_http_response response = {0};
  dla_s3_call call = {.method = "DELETE",
                      .key = key,
                      .query = query.text,
                      .accepts = dla_s3_says_nothing,
                      .unstoppable = true};
  dla_error err = {0};
  if (!query.failed && dla_s3_send(s3, &call, "abort an upload", true, &response, &err))
    dla_meter_event(s3->meter, DLA_STAGE_NOTE, key, 0, "an unfinished upload stays: %s", err.what);
  dla_http_response_free(&response);
  dla_strbuf_free(&query);
}

typedef struct abandoned {
  const dla_s3 *s3;
  const char *key; /* relative to the prefix */
  time_t before;
} abandoned;

static void on_upload(void *context, const char *key, const char *id, const char *initiated)
{
  const abandoned *a = context;
  struct tm date = {0};
  size_t prefix = strlen(a->s3->prefix);
  if (strncmp(key, a->s3->prefix, prefix) != 0 || strcmp(key + prefix, a->key) != 0) return;
  if (!strptime(initiated, "%Y-%m-%dT%H:%M:%S", &date) || timegm(&date) > a->before) return;
  dla_meter_event(a->s3->meter, DLA_STAGE_NOTE, a->key, 0, "aborting an upload begun %s",
                  initiated);
  abort_upload(a->s3, a->key, id);
}

/* Aborts uploads of the key that began long ago and never ended. */
static dla_status abort_abandoned(const dla_s3 *s3, const char *key, dla_error *err)
{
  abandoned a = {
      .s3 = s3, .key = key, .before = time(NULL) - (time_t)s3->settings->abandoned_after};
  dla_strbuf query = {0};
  dla_strbuf_printf(&query, "prefix=");
  dla_s3_encode(&query, s3->prefix, false);
  dla_s3_encode(&query, key, false);
  dla_strbuf_printf(&query, "&uploads=");
  dla_http_response response = {0};
  dla_s3_call call = {.method = "GET", .query = query.text};
  dla_status status = query.failed ? dla_fail_memory(err, "a request") : DLA_OK;
  /* Some keys may write but not list. The upload goes on then. */
  if (!status && dla_s3_send(s3, &call, "list uploads", true, &response, NULL) == DLA_OK)
    dla_s3_read_uploads(dla_strbuf_text(&response.body), response.body.length, on_upload, &a, NULL);
  dla_http_response_free(&response);
  dla_strbuf_free(&query);
  return status;
}

dla_status dla_s3_put_parts(const dla_s3 *s3, const char *key, const dla_s3_sent *sent,
                            dla_error *err)
{
  upload u = {.s3 = s3, .key = key, .sent = sent};
  u.part_size = s3->settings->part_size;
  if (sent->size / u.part_size >= MOST_PARTS) u.part_size = sent->size / MOST_PARTS + 1;
  u.parts = (size_t)((sent->size + u.part_size - 1) / u.part_size);
  u.etag = calloc(u.parts, sizeof *u.etag);
  if (!u.etag) return dla_fail_memory(err, "an upload");
  dla_status status = abort_abandoned(s3, key, err);
  if (!status) status = begin(&u, err);
  if (!status) status = dla_parallel(u.parts, s3->settings->parallel, put_part, &u, err);
  if (!status) status = complete(&u, err);
  if (status && u.id) abort_upload(s3, key, u.id);
  free(u.id);
  free(u.etag);
  return status;
}
