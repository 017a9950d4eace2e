#include "workflow/folders.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cache_folder.h"
#include "base/make_folder.h"
#include "base/remove_tree.h"
#include "base/strbuf.h"
#include "base/temporary_folder.h"
#include "base/try.h"

const dla_folder_names dla_folder_names_of[DLA_FOLDER_COUNT] = {
    [DLA_FOLDER_STORAGE] = {"STORAGE_PATH", "/deepsquare"},
    [DLA_FOLDER_INPUT] = {"DEEPSQUARE_INPUT", "/deepsquare/input"},
    [DLA_FOLDER_OUTPUT] = {"DEEPSQUARE_OUTPUT", "/deepsquare/output"},
    [DLA_FOLDER_ENV] = {"DEEPSQUARE_ENV", "/deepsquare/env"},
    [DLA_FOLDER_TMP] = {"DEEPSQUARE_TMP", "/deepsquare/tmp"},
    [DLA_FOLDER_SHARED_TMP] = {"DEEPSQUARE_SHARED_TMP", "/deepsquare/tmp"},
    [DLA_FOLDER_SHARED_WORLD_TMP] = {"DEEPSQUARE_SHARED_WORLD_TMP", "/deepsquare/world-tmp"},
    [DLA_FOLDER_DISK_TMP] = {"DEEPSQUARE_DISK_TMP", "/deepsquare/disk/tmp"},
    [DLA_FOLDER_DISK_WORLD_TMP] = {"DEEPSQUARE_DISK_WORLD_TMP", "/deepsquare/disk/world-tmp"},
};

bool dla_folder_is_mount(dla_folder folder)
{
  return folder == DLA_FOLDER_STORAGE || folder == DLA_FOLDER_TMP || folder > DLA_FOLDER_SHARED_TMP;
}

static const char *variable(const char *name)
{
  const char *text = getenv(name);
  return text && *text ? text : NULL;
}

static dla_status join(const char *parent, const char *name, char **path, dla_error *err)
{
  dla_strbuf text = {0};
  dla_strbuf_printf(&text, "%s%s", parent, name);
  *path = text.text;
  return text.failed ? dla_fail_memory(err, "a file name") : DLA_OK;
}

/* Where the job runs: the node's own disk, as Slurm or the system name it. */
static dla_status make_storage(dla_folders *f, bool make, dla_error *err)
{
  const char *parent = variable("SLURM_TMPDIR");
  if (!parent) parent = variable("TMPDIR");
  if (!parent) parent = "/tmp";
  if (make) return dla_temporary_folder(parent, &f->path[DLA_FOLDER_STORAGE], err);
  return join(parent, "/.dla-XXXXXX", &f->path[DLA_FOLDER_STORAGE], err);
}

static const char no_home[] = "/tmp/.cache/dla-train";

static dla_status name_cache(dla_folders *f, dla_folder which, bool make, dla_error *err)
{
  const char *inside = dla_folder_names_of[which].inside + strlen("/deepsquare");
  const char *given = variable(dla_folder_names_of[which].variable);
  if (!given && which == DLA_FOLDER_TMP)
    given = variable(dla_folder_names_of[DLA_FOLDER_SHARED_TMP].variable);
  if (!given && which == DLA_FOLDER_SHARED_TMP) given = f->path[DLA_FOLDER_TMP];
  if (given) return join(given, "", &f->path[which], err);
  dla_strbuf path = {0};
  if (make)
    dla_cache_folder(&path);
  else
    dla_cache_folder_name(&path);
  if (!path.length) {
    if (which == DLA_FOLDER_TMP) f->homeless = true;
    dla_strbuf_printf(&path, "%s", no_home);
  }
  dla_strbuf_printf(&path, "/job%s", inside);
  f->path[which] = path.text;
  return path.failed ? dla_fail_memory(err, "a file name") : DLA_OK;
}

/* What a variable names is somebody else's; only what is new gets mode 700. */
static dla_status make_private(const char *path, dla_error *err)
{
  struct stat info;
  if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) return DLA_OK;
  TRY(dla_make_folder(path, err));
  return chmod(path, 0700) ? dla_fail_errno(err, path, "set its mode") : DLA_OK;
}

static dla_status make_all(const dla_folders *f, dla_error *err)
{
  for (dla_folder i = DLA_FOLDER_INPUT; i < DLA_FOLDER_COUNT; i++)
    if (i != DLA_FOLDER_ENV) TRY(make_private(f->path[i], err));
  int fd = open(f->path[DLA_FOLDER_ENV], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
  if (fd < 0) return dla_fail_errno(err, f->path[DLA_FOLDER_ENV], "create");
  close(fd);
  return DLA_OK;
}

dla_status dla_folders_create(dla_folders *f, bool make, dla_error *err)
{
  *f = (dla_folders){.path = {NULL}};
  TRY(make_storage(f, make, err));
  const char *storage = f->path[DLA_FOLDER_STORAGE];
  TRY(join(storage, "/input", &f->path[DLA_FOLDER_INPUT], err));
  TRY(join(storage, "/output", &f->path[DLA_FOLDER_OUTPUT], err));
  TRY(join(storage, "/env", &f->path[DLA_FOLDER_ENV], err));
  for (dla_folder i = DLA_FOLDER_TMP; i < DLA_FOLDER_COUNT; i++)
    TRY(name_cache(f, i, make, err));
  return make ? make_all(f, err) : DLA_OK;
}

static bool is_one_of(const char *name, const char *a, const char *b, const char *c)
{
  return strcmp(name, a) == 0 || strcmp(name, b) == 0 || strcmp(name, c) == 0;
}

static bool holds_more_than_logs(const char *output)
{
  bool more = false;
  DIR *folder = opendir(output);
  for (struct dirent *entry; folder && !more && (entry = readdir(folder));)
    more = !is_one_of(entry->d_name, ".", "..", "logs");
  if (folder) closedir(folder);
  return more;
}

static void remove_entry(const char *path, const char *name)
{
  dla_strbuf entry = {0};
  dla_strbuf_printf(&entry, "%s/%s", path, name);
  if (!entry.failed) dla_remove_tree(entry.text);
  dla_strbuf_free(&entry);
}

bool dla_folders_remove(const dla_folders *f, bool pushed)
{
  const char *storage = f->path[DLA_FOLDER_STORAGE], *output = f->path[DLA_FOLDER_OUTPUT];
  if (pushed || !output || !holds_more_than_logs(output)) {
    dla_temporary_remove(storage);
    return false;
  }
  dla_temporary_keep(storage); /* what is left of it */
  DIR *folder = opendir(storage);
  for (struct dirent *entry; folder && (entry = readdir(folder));)
    if (!is_one_of(entry->d_name, ".", "..", strrchr(output, '/') + 1))
      remove_entry(storage, entry->d_name);
  if (folder) closedir(folder);
  return true;
}

void dla_folders_free(dla_folders *f)
{
  for (dla_folder i = 0; i < DLA_FOLDER_COUNT; i++)
    free(f->path[i]);
  *f = (dla_folders){.path = {NULL}};
}
