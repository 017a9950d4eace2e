/* A folder. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/path.h"
#include "base/temporary_folder.h"
#include "staging/copy_file.h"
#include "staging/digest.h"
#include "staging/storage/folder_storage.h"

enum { DEEPEST = 256 };

typedef struct folder_storage {
  dla_storage base;
  char *path;
} folder_storage;

static dla_status list_folder(const char *path, const char *key, int depth, dla_objects *objects,
                              dla_error *err);

/* What src/base writes before it renames. */
static bool is_temporary(const char *name)
{
  enum { DIGITS = 8, END = 1 + DIGITS + sizeof DLA_ATOMIC_SUFFIX - 1 };
  size_t length = strlen(name);
  const char *end = name + length - END;
  if (dla_is_temporary_folder(name)) return true;
  return length > END && *end == '.' && strspn(end + 1, "0123456789abcdef") == DIGITS &&
         strcmp(end + 1 + DIGITS, DLA_ATOMIC_SUFFIX) == 0;
}

/* Symbolic links to files are followed, those to folders are not: they may lead in circles. */
static dla_status list_entry(const char *path, const char *key, int depth, dla_objects *objects,
                             dla_error *err)
{
  struct stat info, target;
  if (lstat(path, &info)) return errno == ENOENT ? DLA_OK : dla_fail_errno(err, path, "look at");
  if (S_ISDIR(info.st_mode)) return list_folder(path, key, depth + 1, objects, err);
  if (S_ISLNK(info.st_mode) && (stat(path, &target) || S_ISDIR(target.st_mode))) return DLA_OK;
  if (S_ISLNK(info.st_mode)) info = target;
  if (!S_ISREG(info.st_mode)) return DLA_OK;
  dla_object *object = dla_objects_add(objects, key);
  if (!object) return dla_fail_memory(err, "a list of files");
  object->size = (uint64_t)info.st_size;
  return DLA_OK;
}

static dla_status list_name(const char *path, const char *key, const char *name, int depth,
                            dla_objects *objects, dla_error *err)
{
  char *entry_path = dla_join_path(path, name), *entry_key = dla_join_path(key, name);
  dla_status status = entry_path && entry_key ? DLA_OK : dla_fail_memory(err, "a file name");
  if (!status) status = list_entry(entry_path, entry_key, depth, objects, err);
  free(entry_path);
  free(entry_key);
  return status;
}

static dla_status list_folder(const char *path, const char *key, int depth, dla_objects *objects,
                              dla_error *err)
{
  if (depth > DEEPEST)
    return dla_fail(err, DLA_E_INPUT, path, NULL, "folders lie more than %d deep", DEEPEST);
  DIR *folder = opendir(path);
  if (!folder)
    return dla_fail(err, DLA_E_INPUT, path, NULL, "cannot read the folder: %s", strerror(errno));
  dla_status status = DLA_OK;
  for (struct dirent *entry; !status && (errno = 0, entry = readdir(folder));) {
    const char *name = entry->d_name;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || is_temporary(name)) continue;
    status = list_name(path, key, name, depth, objects, err);
  }
  if (!status && errno) status = dla_fail_errno(err, path, "read the folder");
  closedir(folder);
  return status;
}

static dla_status list(dla_storage *storage, dla_objects *objects, dla_error *err)
{
  const folder_storage *s = (const folder_storage *)storage;
  dla_status status = list_folder(s->path, "", 0, objects, err);
  dla_objects_sort(objects);
  return status;
}

static dla_status head(dla_storage *storage, const char *key, dla_object *object, bool *found,
                       dla_error *err)
{
  const folder_storage *s = (const folder_storage *)storage;
  struct stat info;
  char *path = dla_join_path(s->path, key);
  if (!path) return dla_fail_memory(err, "a file name");
  *found = stat(path, &info) == 0 && S_ISREG(info.st_mode);
  dla_digest digest;
  dla_status status =
      *found ? dla_digest_file(path, DLA_DIGEST_SHA256, &digest, &object->size, err) : DLA_OK;
  if (*found && !status) memcpy(object->sha256, digest.sha256, sizeof object->sha256);
  free(path);
  return status;
}

static dla_status get(dla_storage *storage, const dla_object *object, const char *to,
                      dla_error *err)
{
  const folder_storage *s = (const folder_storage *)storage;
  char *path = dla_join_path(s->path, object->key);
  if (!path) return dla_fail_memory(err, "a file name");
  dla_status status = dla_copy_file(path, to, err);
  free(path);
  return status;
}

static dla_status put(dla_storage *storage, const char *key, const char *from, const char *sha256,
                      dla_error *err)
{
  (void)sha256;
  const folder_storage *s = (const folder_storage *)storage;
  char *path = dla_join_path(s->path, key);
  if (!path) return dla_fail_memory(err, "a file name");
  dla_status status = dla_copy_file(from, path, err);
  free(path);
  return status;
}

static dla_status remove_object(dla_storage *storage, const char *key, dla_error *err)
{
  const folder_storage *s = (const folder_storage *)storage;
  char *path = dla_join_path(s->path, key);
  if (!path) return dla_fail_memory(err, "a file name");
  dla_status status = DLA_OK;
  if (unlink(path) && errno != ENOENT) status = dla_fail_errno(err, path, "delete");
  /* Folders that become empty go, too, as they would in S3. The root stays. */
  for (char *slash; !status && (slash = strrchr(path, '/')) > path + strlen(s->path);) {
    *slash = '\0';
    if (rmdir(path)) break;
  }
  free(path);
  return status;
}

static void free_storage(dla_storage *storage)
{
  folder_storage *s = (folder_storage *)storage;
  free(s->path);
  free(s);
}

dla_status dla_folder_storage_new(const char *path, dla_storage **storage, dla_error *err)
{
  static const dla_storage_operations operations = {.kind = DLA_LOCATION_PATH,
                                                    .list = list,
                                                    .head = head,
                                                    .get = get,
                                                    .put = put,
                                                    .remove = remove_object,
                                                    .free = free_storage};
  folder_storage *s = calloc(1, sizeof *s);
  if (!s) return dla_fail_memory(err, "a folder");
  s->base.op = &operations;
  s->path = strdup(path);
  *storage = &s->base;
  if (s->path) return DLA_OK;
  free(s);
  return dla_fail_memory(err, "a folder");
}
