#include "config.h" /* nftw */

#include "scratch.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <zlib.h>

/* The paths handed out since scratch_new. */
static struct path {
  struct path *next;
  char text[];
} * paths;

char *scratch_new(void)
{
  const char *place = getenv("TMPDIR");
  size_t size = 4096;
  char *folder = malloc(size);
  assert_non_null(folder);
  snprintf(folder, size, "%s/dla-test-XXXXXX", place ? place : "/tmp");
  assert_non_null(mkdtemp(folder));
  return folder;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *where)
{
  (void)info, (void)type, (void)where;
  return remove(path);
}

void scratch_remove(char *folder)
{
  nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  free(folder);
  while (paths) {
    struct path *path = paths;
    paths = path->next;
    free(path);
  }
}

const char *scratch_path(const char *folder, const char *name)
{
  size_t size = strlen(folder) + strlen(name) + 2;
  struct path *path = malloc(sizeof *path + size);
  assert_non_null(path);
  snprintf(path->text, size, "%s/%s", folder, name);
  path->next = paths;
  paths = path;
  return path->text;
}

const char *scratch_folder(const char *folder, const char *name)
{
  const char *path = scratch_path(folder, name);
  assert_int_equal(mkdir(path, 0700), 0);
  return path;
}

const char *scratch_write(const char *folder, const char *name, const void *bytes, size_t count)
{
  const char *path = scratch_path(folder, name);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, count, file), count);
  assert_int_equal(fclose(file), 0);
  return path;
}

const char *scratch_write_gzip(const char *folder, const char *name, const void *bytes,
                               size_t count)
{
  const char *path = scratch_path(folder, name);
  gzFile file = gzopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(gzwrite(file, bytes, (unsigned)count), count);
  assert_int_equal(gzclose(file), Z_OK);
  return path;
}
