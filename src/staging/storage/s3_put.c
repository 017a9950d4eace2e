/* Uploads a file to S3: in one request, or a large one in several parts at once. */
#include <stdio.h>
#include <sys/stat.h>

#include "staging/storage/s3.h"

/* An answer without an ETag, or with a web page in it, is not S3's. */
static bool is_stored(const dla_s3_call *call, const dla_http_response *response)
{
  const dla_s3_sent *sent = call->context;
  return dla_s3_has_etag_of(response, sent->digest.md5);
}

static bool is_held(const dla_s3 *s3, const dla_s3_call *call)
{
  return dla_s3_holds(s3, call->key, call->context);
}

static dla_status put_whole(const dla_s3 *s3, const char *key, const dla_s3_sent *sent,
                            dla_error *err)
{
  char meta[96];
  snprintf(meta, sizeof meta, "x-amz-meta-sha256: %s", sent->digest.sha256);
  dla_http_response response;
  dla_s3_call call = {.method = "PUT",
                      .key = key,
                      .has_file = true,
                      .file = sent->file,
                      .file_size = sent->size,
                      .payload_sha256 = sent->digest.sha256,
                      .header = {meta},
                      .use = DLA_S3_CREATE,
                      .accepts = is_stored,
                      .carried_out = is_held,
                      .context = sent};
  dla_status status = dla_s3_send(s3, &call, "upload", false, &response, err);
  dla_http_response_free(&response);
  return status;
}

static bool same_state(const struct stat *a, const struct stat *b)
{
  return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
         a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

dla_status dla_s3_put(dla_storage *storage, const char *key, int file, const char *name,
                      const char *sha256, dla_error *err)
{
  const dla_s3 *s3 = (const dla_s3 *)storage;
  struct stat before, after;
  if (fstat(file, &before)) return dla_fail_errno(err, name, "look at");
  dla_s3_sent sent = {.file = file, .size = (uint64_t)before.st_size};
  bool in_parts = sent.size >= s3->settings->put_in_parts; /* each part is checked by itself */
  dla_digest_kinds kinds = in_parts ? DLA_DIGEST_SHA256 : dla_s3_sent_kinds(s3, sent.size);
  dla_status status = DLA_OK;
  if (sha256 && kinds == DLA_DIGEST_SHA256)
    snprintf(sent.digest.sha256, sizeof sent.digest.sha256, "%s", sha256);
  else
    status = dla_digest_range(file, name, 0, sent.size, kinds, &sent.digest, err);
  if (status) return status;
  status = in_parts ? dla_s3_put_parts(s3, key, &sent, err) : put_whole(s3, key, &sent, err);
  if (fstat(file, &after) == 0 && !same_state(&before, &after))
    return dla_fail(err, DLA_E_IO, name, "push it again when it is complete",
                    "the file was changed while it was uploaded");
  return status;
}
