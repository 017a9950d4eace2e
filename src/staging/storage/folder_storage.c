/* A folder as a storage. */
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
  dla_meter *meter;     /* NULL: nothing is reported */
  dla_objects left_out; /* what was reported already */
} folder_storage;

static dla_status list_folder(folder_storage *s, const char *path, const char *key, int depth,
                              dla_objects *objects, dla_error *err);

/* Files and folders that src/base writes before it renames them. */
static bool is_temporary(const char *name)
{
  return dla_is_temporary_folder(name) || dla_atomic_stem(name);
}

/* Reports something that is no regular file, once. */
static void leave_out(folder_storage *s, const char *key, const char *what)
{
  bool told = false;
  for (size_t i = 0; i < s->left_out.count && !told; i++)
    told = strcmp(s->left_out.item[i].key, key) == 0;
  if (!told && s->meter && dla_objects_add(&s->left_out, key))
    dla_meter_event(s->meter, DLA_STAGE_NOTE, key, 0, "left out: it is %s", what);
}

/* Follows symbolic links to files, but not to folders: those may lead in circles. */
static dla_status list_entry(folder_storage *s, const char *path, const char *key, int depth,
                             dla_objects *objects, dla_error *err)
{
  struct stat info, target;
  if (lstat(path, &info)) return errno == ENOENT ? DLA_OK : dla_fail_errno(err, path, "look at");
  if (S_ISDIR(info.st_mode)) return list_folder(s, path, key, depth + 1, objects, err);
  const char *what = "no file, but a device, a pipe or a socket";
  if (S_ISLNK(info.st_mode)) {
    bool leads = stat(path, &target) == 0;
    what = !leads                    ? "a link that leads nowhere"
           : S_ISDIR(target.st_mode) ? "a link to a folder"
                                     : "a link to no file";
    if (leads) info = target;
  }
  if (!S_ISREG(info.st_mode)) {
    leave_out(s, key, what);
    return DLA_OK;
  }
  dla_object *object = dla_objects_add(objects, key);
  if (!object) return dla_fail_memory(err, "a list of files");
  object->size = (uint64_t)info.st_size;
  return DLA_OK;
}

static dla_status list_name(folder_storage *s, const char *path, const char *key, const char *name,
                            int depth, dla_objects *objects, dla_error *err)
{
  char *entry_path = dla_join_path(path, name), *entry_key = dla_join_path(key, name);
  dla_status status = entry_path && entry_key ? DLA_OK : dla_fail_memory(err, "a file name");
  if (!status) status = list_entry(s, entry_path, entry_key, depth, objects, err);
  free(entry_path);
  free(entry_key);
  return status;
}

static dla_status list_folder(folder_storage *s, const char *path, const char *key, int depth,
                              dla_objects *objects, dla_error *err)
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
    status = list_name(s, path, key, name, depth, objects, err);
  }
  if (!status && errno) status = dla_fail_errno(err, path, "read the folder");
  closedir(folder);
  return status;
}

static dla_status list(dla_storage *storage, dla_objects *objects, dla_error *err)
{
  folder_storage *s = (folder_storage *)storage;
  dla_status status = list_folder(s, s->path, "", 0, objects, err);
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

static dla_status put(dla_storage *storage, const char *key, int file, const char *name,
                      const char *sha256, dla_error *err)
{
  (void)sha256;
  const folder_storage *s = (const folder_storage *)storage;
  char *path = dla_join_path(s->path, key);
  if (!path) return dla_fail_memory(err, "a file name");
  dla_status status = dla_copy_open_file(file, name, path, err);
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
  /* Deletes folders that become empty, as they would vanish in S3. The root stays. */
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
  dla_objects_free(&s->left_out);
  free(s->path);
  free(s);
}

dla_status dla_folder_storage_new(const char *path, dla_meter *meter, dla_storage **storage,
                                  dla_error *err)
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
  s->meter = meter;
  s->path = strdup(path);
  if (!s->path) {
    free(s);
    return dla_fail_memory(err, "a folder");
  }
  *storage = &s->base;
  return DLA_OK;
}
