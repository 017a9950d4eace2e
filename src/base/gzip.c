#include "base/gzip.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

enum { INPUT_BUFFER = 1 << 18, READ_MAX = 1 << 30 };

struct dla_gzip {
  gzFile stream;
  char *path;
};

dla_status dla_gzip_open(const char *path, dla_gzip **file, dla_error *err)
{
  dla_gzip *f = calloc(1, sizeof *f);
  if (!f) return dla_fail_memory(err, "a file");
  errno = 0;
  f->path = strdup(path);
  f->stream = f->path ? gzopen(path, "rbe") : NULL;
  if (!f->stream) {
    dla_status status = errno ? dla_fail_errno(err, path, "open it") : dla_fail_memory(err, path);
    dla_gzip_close(f);
    return status;
  }
  gzbuffer(f->stream, INPUT_BUFFER);
  *file = f;
  return DLA_OK;
}

static dla_status failure(dla_gzip *file, dla_error *err)
{
  int code = Z_OK;
  const char *reason = gzerror(file->stream, &code);
  if (code == Z_OK) return DLA_OK;
  if (code == Z_ERRNO) return dla_fail_errno(err, file->path, "read it");
  if (code == Z_MEM_ERROR) return dla_fail_memory(err, file->path);
  size_t prefix = strlen(file->path); /* zlib begins with the path; `where` has it already */
  if (strncmp(reason, file->path, prefix) == 0 && reason[prefix] == ':') reason += prefix + 2;
  char where[sizeof err->where];
  snprintf(where, sizeof where, "%.200s, byte %lld", file->path, (long long)gzoffset(file->stream));
  return dla_fail(err, DLA_E_INPUT, where, "fetch the file again",
                  code == Z_BUF_ERROR ? "the compressed file is cut short"
                                      : "the compressed content is not what was compressed (%s)",
                  reason);
}

dla_status dla_gzip_read(dla_gzip *file, void *bytes, size_t size, size_t *count, dla_error *err)
{
  unsigned request = size < READ_MAX ? (unsigned)size : READ_MAX;
  int got = gzread(file->stream, bytes, request);
  *count = got > 0 ? (size_t)got : 0;
  /* Of a file that is cut short zlib gives the last bytes first; only gzerror() tells. */
  return got == (int)request ? DLA_OK : failure(file, err);
}

void dla_gzip_close(dla_gzip *file)
{
  if (!file) return;
  if (file->stream) gzclose(file->stream);
  free(file->path);
  free(file);
}
