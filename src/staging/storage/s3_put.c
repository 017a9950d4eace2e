/* A file to S3: in one request, or in parts at once where it is large. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "staging/storage/s3.h"

static dla_status put_whole(const dla_s3 *s3, const char *key, int file, uint64_t size,
                            const dla_digest *digest, dla_error *err)
{
  char meta[96];
  snprintf(meta, sizeof meta, "x-amz-meta-sha256: %s", digest->sha256);
  dla_http_response response;
  dla_s3_call call = {.method = "PUT",
                      .key = key,
                      .has_file = true,
                      .file = file,
                      .file_size = size,
                      .payload_sha256 = digest->sha256,
                      .header = {meta}};
  dla_status status = dla_s3_send(s3, &call, "upload", false, &response, err);
  if (!status) status = dla_s3_check_sent(&response.headers, digest->md5, key, err);
  dla_http_response_free(&response);
  return status;
}

static bool same_state(const struct stat *a, const struct stat *b)
{
  return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
         a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static dla_status put_open_file(const dla_s3 *s3, const char *key, int file, const char *path,
                                const char *sha256, dla_error *err)
{
  struct stat before, after;
  dla_digest digest = {0};
  if (fstat(file, &before)) return dla_fail_errno(err, path, "look at");
  uint64_t size = (uint64_t)before.st_size;
  bool in_parts = size >= s3->settings->put_in_parts; /* each of which is checked by itself */
  dla_digest_kinds kinds = in_parts ? DLA_DIGEST_SHA256 : dla_s3_sent_kinds(s3);
  dla_status status = DLA_OK;
  if (sha256 && kinds == DLA_DIGEST_SHA256)
    snprintf(digest.sha256, sizeof digest.sha256, "%s", sha256);
  else
    status = dla_digest_range(file, path, 0, size, kinds, &digest, err);
  if (status) return status;
  status = in_parts ? dla_s3_put_parts(s3, key, file, size, digest.sha256, err)
                    : put_whole(s3, key, file, size, &digest, err);
  if (fstat(file, &after) == 0 && !same_state(&before, &after))
    return dla_fail(err, DLA_E_IO, path, "push it again when it is complete",
                    "the file was changed while it was uploaded");
  return status;
}

dla_status dla_s3_put(dla_storage *storage, const char *key, const char *path, const char *sha256,
                      dla_error *err)
{
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return dla_fail_errno(err, path, "open");
  dla_status status = put_open_file((const dla_s3 *)storage, key, file, path, sha256, err);
  close(file);
  return status;
}
