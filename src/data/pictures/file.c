/* Reads a picture's file, wherever it lies. */
#include "data/pictures/list.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static dla_status fail(const char *path, dla_error *err)
{
  const int error = errno;
  return dla_fail(err, DLA_E_INPUT, path, NULL, "cannot open it: %s", strerror(error));
}

static void take_stat(const struct stat *info, uint64_t *size, int64_t *changed)
{
  *size = (uint64_t)info->st_size;
  *changed = (int64_t)info->st_mtim.tv_sec * 1000000000 + info->st_mtim.tv_nsec;
}

bool dla_picture_stat(const dla_picture_list *list, dla_picture_entry *entry)
{
  struct stat info;
  dla_strbuf path = {0};
  if (list->places[entry->place].kind != DLA_PLACE_FOLDER) return true;
  dla_picture_path(list, entry, &path);
  const bool is_there =
      !path.failed && stat(dla_strbuf_text(&path), &info) == 0 && S_ISREG(info.st_mode);
  dla_strbuf_free(&path);
  if (is_there) take_stat(&info, &entry->size, &entry->changed);
  return is_there;
}

static dla_status open_path(const char *path, dla_picture_file *file, dla_error *err)
{
  struct stat info;
  file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* do not wait for a pipe's writer */
  if (file->fd < 0) return fail(path, err);
  file->own = true;
  if (fstat(file->fd, &info) != 0) {
    dla_status status = fail(path, err);
    dla_picture_close(file);
    return status;
  }
  if (!S_ISREG(info.st_mode)) {
    dla_picture_close(file);
    return dla_fail(err, DLA_E_INPUT, path, NULL, "it is no file");
  }
  take_stat(&info, &file->size, &file->changed);
  return DLA_OK;
}

dla_status dla_picture_open(const dla_picture_list *list, const dla_picture_entry *entry,
                            dla_picture_file *file, dla_error *err)
{
  const dla_picture_place *place = &list->places[entry->place];
  *file = (dla_picture_file){
      .fd = place->fd, .at = entry->at, .size = entry->size, .changed = entry->changed};
  if (place->kind == DLA_PLACE_MEMORY) file->memory = (const uint8_t *)(uintptr_t)entry->at;
  if (place->kind != DLA_PLACE_FOLDER) return DLA_OK;
  dla_strbuf path = {0};
  dla_picture_path(list, entry, &path);
  file->at = 0;
  dla_status status = path.failed ? dla_fail_memory(err, "a file name")
                                  : open_path(dla_strbuf_text(&path), file, err);
  dla_strbuf_free(&path);
  return status;
}

bool dla_picture_read(const dla_picture_file *file, uint64_t from, size_t count, uint8_t *bytes,
                      const uint8_t **at)
{
  *at = file->memory ? file->memory + from : bytes;
  size_t done = 0;
  while (!file->memory && done < count) {
    errno = 0;
    const ssize_t got =
        pread(file->fd, bytes + done, count - done, (off_t)(file->at + from + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    done += (size_t)got;
  }
  return true;
}

void dla_picture_close(dla_picture_file *file)
{
  if (file->own && file->fd >= 0) close(file->fd);
  file->fd = -1;
  file->own = false;
}
