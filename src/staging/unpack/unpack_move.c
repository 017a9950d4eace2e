#include "staging/unpack/unpack_move.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/flush.h"
#include "base/path.h"

static dla_status walk(const char *from, const char *to, bool move, dla_error *err);

/* Moves the entry, or without `move` only checks that it could. */
static dla_status take_entry(const char *from, const char *to, bool move, dla_error *err)
{
  struct stat source, target;
  if (lstat(from, &source)) return dla_fail_errno(err, from, "look at");
  if (lstat(to, &target)) {
    if (errno != ENOENT) return dla_fail_errno(err, to, "look at");
    return move && rename(from, to) ? dla_fail_errno(err, to, "move it there") : DLA_OK;
  }
  if (S_ISDIR(source.st_mode) && S_ISDIR(target.st_mode)) return walk(from, to, move, err);
  if (S_ISDIR(source.st_mode) || S_ISDIR(target.st_mode))
    return dla_fail(err, DLA_E_INPUT, to, "move it away, or choose another folder",
                    "is in the way: the archive has %s of that name",
                    S_ISDIR(source.st_mode) ? "a folder" : "a file");
  return move && rename(from, to) ? dla_fail_errno(err, to, "replace it") : DLA_OK;
}

static dla_status walk(const char *from, const char *to, bool move, dla_error *err)
{
  struct dirent **names;
  int count = scandir(from, &names, NULL, NULL); /* read completely first, because moving changes
                                                  * the folder */
  if (count < 0) return dla_fail_errno(err, from, "read the folder");
  dla_status status = DLA_OK;
  for (int i = 0; i < count; i++) {
    const char *name = names[i]->d_name;
    if (!status && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
      char *source = dla_join_path(from, name), *target = dla_join_path(to, name);
      status = source && target ? take_entry(source, target, move, err)
                                : dla_fail_memory(err, "a file name");
      free(source);
      free(target);
    }
    free(names[i]);
  }
  free(names);
  if (move && !status) dla_flush_folder(to);
  return status;
}

dla_status dla_unpack_move(const char *from, const char *to, dla_error *err)
{
  dla_status status = walk(from, to, false, err);
  return status ? status : walk(from, to, true, err);
}
