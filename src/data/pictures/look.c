/* Detects the kind of data set in a folder, before the whole folder is listed. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "data/pictures/listing.h"
#include "data/pictures/set.h"
#include "data/pictures/shards.h"
#include "data/sources/member_name.h"

/* Limits: depth, folders per folder, files per folder. Enough for train/CLASS/FILE, one folder
 * deeper. */
enum { DEPTH = 4, FOLDERS = 24, FILES = 32 };

typedef struct findings {
  bool picture; /* in a subfolder, that is, in a class's folder */
  bool flat;    /* in the top folder itself */
  bool member;  /* a file of another format */
} findings;

bool dla_is_picture_file(int folder, const char *name)
{
  uint8_t bytes[16];
  const int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  const ssize_t got = fd >= 0 ? read(fd, bytes, sizeof bytes) : -1;
  if (fd >= 0) close(fd);
  return got > 0 && dla_picture_is_one(bytes, (size_t)got);
}

static void look(const char *path, int depth, findings *f)
{
  DIR *folder = opendir(path);
  int folders = 0, files = 0;
  const struct dirent *entry;
  if (!folder) return;
  while (!(f->member && f->picture) && (folders < FOLDERS || files < FILES) &&
         (entry = readdir(folder))) {
    struct stat info;
    const char *name = entry->d_name;
    if (dla_name_is_hidden(name, strlen(name)) || fstatat(dirfd(folder), name, &info, 0) != 0)
      continue;
    if (S_ISDIR(info.st_mode) && depth < DEPTH && folders < FOLDERS) {
      char *below = dla_join_path(path, name);
      folders++;
      if (below) look(below, depth + 1, f);
      free(below);
    } else if (S_ISREG(info.st_mode) && files < FILES) {
      files++;
      f->member |= depth < 3 && (dla_is_member_name(name) || dla_is_archive_name(name));
      bool *found = depth > 0 ? &f->picture : &f->flat;
      *found = *found || dla_is_picture_file(dirfd(folder), name);
    }
  }
  closedir(folder);
}

dla_pictures_there dla_pictures_at(const char *path)
{
  struct stat info;
  if (stat(path, &info) != 0) return DLA_PICTURES_NONE;
  if (S_ISREG(info.st_mode))
    return dla_is_member_name(dla_path_name(path)) ? DLA_PICTURES_NONE
           : dla_is_table(path)                    ? DLA_PICTURES_ONLY
                                                   : DLA_PICTURES_PERHAPS;
  if (!S_ISDIR(info.st_mode)) return DLA_PICTURES_NONE;
  if (dla_is_shards_folder(path)) return DLA_PICTURES_ONLY;
  findings f = {0};
  look(path, 0, &f);
  if (!f.picture) return f.flat ? DLA_PICTURES_FLAT : DLA_PICTURES_NONE;
  return f.member ? DLA_PICTURES_TOO : DLA_PICTURES_ONLY;
}
