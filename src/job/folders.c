#include "job/folders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cache_folder.h"
#include "base/make_folder.h"
#include "base/path.h"
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
  *path = dla_join_path(parent, name);
  return *path ? DLA_OK : dla_fail_memory(err, "a file name");
}

/* The job's scratch: on the node's own disk, as Slurm or the system names it. */
static dla_status make_storage(dla_folders *f, bool make, dla_error *err)
{
  const char *parent = variable("SLURM_TMPDIR");
  if (!parent) parent = variable("TMPDIR");
  if (!parent) parent = "/tmp";
  if (make) return dla_temporary_folder(parent, &f->path[DLA_FOLDER_STORAGE], err);
  return join(parent, ".dla-XXXXXX", &f->path[DLA_FOLDER_STORAGE], err);
}

/* Everybody may write to /tmp. What is below a folder of one's own in it, nobody else can place
 * there. Every user has such a folder. */
static void name_without_home(dla_strbuf *path)
{
  dla_strbuf_printf(path, "/tmp/dla-train-%ju", (uintmax_t)geteuid());
}

/* Whether the folder may be written to, or be made in the lowest one above it that is there. */
static bool is_writable(const char *path)
{
  dla_strbuf above = {0};
  dla_strbuf_printf(&above, "%s", path);
  bool there = !above.failed;
  while (there && above.length > 1 && access(above.text, F_OK) != 0 && errno == ENOENT)
    above.text[above.length = (size_t)(strrchr(above.text, '/') - above.text)] = '\0';
  there = there && access(above.length ? above.text : "/", W_OK | X_OK) == 0;
  dla_strbuf_free(&above);
  return there;
}

static dla_status name_cache(dla_folders *f, dla_folder which, bool make, dla_error *err)
{
  const char *inside = dla_folder_names_of[which].inside + strlen("/deepsquare");
  const char *given = variable(dla_folder_names_of[which].variable);
  if (!given && which == DLA_FOLDER_TMP)
    given = variable(dla_folder_names_of[DLA_FOLDER_SHARED_TMP].variable);
  if (!given && which == DLA_FOLDER_SHARED_TMP) given = f->path[DLA_FOLDER_TMP];
  if (given) return dla_text_set(&f->path[which], given, "a file name", err);
  dla_strbuf path = {0};
  if (make)
    dla_cache_folder(&path);
  else
    dla_cache_folder_name(&path);
  if (path.failed) {
    dla_strbuf_free(&path);
    return dla_fail_memory(err, "a file name");
  }
  const bool homeless = !path.length || (make && !is_writable(path.text));
  if (homeless) {
    dla_strbuf_free(&path);
    name_without_home(&path);
  }
  dla_strbuf_printf(&path, "/job%s", inside);
  f->path[which] = path.text;
  if (homeless && !f->homeless) f->homeless = path.text;
  return path.failed ? dla_fail_memory(err, "a file name") : DLA_OK;
}

/* A folder that a variable names may belong to others. Only a new one gets mode 700. */
static dla_status make_private(const char *path, dla_error *err)
{
  if (dla_is_folder(path)) return DLA_OK;
  return dla_make_private_folder(path, true, err);
}

static dla_status make_without_home(dla_error *err)
{
  dla_strbuf path = {0};
  name_without_home(&path);
  const dla_status status = path.failed ? dla_fail_memory(err, "a file name")
                                        : dla_make_private_folder(path.text, true, err);
  dla_strbuf_free(&path);
  return status;
}

static dla_status make_all(const dla_folders *f, dla_error *err)
{
  if (f->homeless) TRY(make_without_home(err));
  for (dla_folder i = DLA_FOLDER_INPUT; i < DLA_FOLDER_COUNT; i++)
    if (i != DLA_FOLDER_ENV) TRY(make_private(f->path[i], err));
  int fd = open(f->path[DLA_FOLDER_ENV], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
  if (fd < 0) return dla_fail_errno(err, f->path[DLA_FOLDER_ENV], "create");
  close(fd);
  return DLA_OK;
}

dla_status dla_folders_create(dla_folders *f, bool make, dla_error *err)
{
  *f = (dla_folders){.temporary = make};
  TRY(make_storage(f, make, err));
  const char *storage = f->path[DLA_FOLDER_STORAGE];
  TRY(join(storage, "input", &f->path[DLA_FOLDER_INPUT], err));
  TRY(join(storage, "output", &f->path[DLA_FOLDER_OUTPUT], err));
  TRY(join(storage, "env", &f->path[DLA_FOLDER_ENV], err));
  for (dla_folder i = DLA_FOLDER_TMP; i < DLA_FOLDER_COUNT; i++)
    TRY(name_cache(f, i, make, err));
  return make ? make_all(f, err) : DLA_OK;
}

/* ---- A training run's ---- */

static dla_status take_storage(dla_folders *f, dla_error *err)
{
  const char *given = variable(dla_folder_names_of[DLA_FOLDER_STORAGE].variable);
  const char *place = variable("TMPDIR");
  if (given) {
    TRY(dla_text_set(&f->path[DLA_FOLDER_STORAGE], given, "a file name", err));
    return dla_make_folder(given, err);
  }
  TRY(dla_temporary_folder(place ? place : "/tmp", &f->path[DLA_FOLDER_STORAGE], err));
  f->temporary = true;
  /* Keep the output: nobody else has the trained files yet. */
  dla_temporary_keep_part(f->path[DLA_FOLDER_STORAGE], "output");
  return DLA_OK;
}

/* A folder that a variable names may be shared with others. */
static dla_status take_folder(dla_folders *f, dla_folder which, const char *name, dla_error *err)
{
  const char *given = variable(dla_folder_names_of[which].variable);
  if (given) {
    TRY(dla_text_set(&f->path[which], given, "a file name", err));
    return dla_make_folder(given, err);
  }
  TRY(join(f->path[DLA_FOLDER_STORAGE], name, &f->path[which], err));
  return make_private(f->path[which], err);
}

static dla_status make_for_config(dla_config_folders *in_config, dla_error *err)
{
  dla_folders *f = (dla_folders *)in_config;
  TRY(take_storage(f, err));
  TRY(take_folder(f, DLA_FOLDER_INPUT, "input", err));
  TRY(take_folder(f, DLA_FOLDER_OUTPUT, "output", err));
  in_config->path[0] = f->path[DLA_FOLDER_INPUT];
  in_config->path[1] = f->path[DLA_FOLDER_OUTPUT];
  return DLA_OK;
}

void dla_folders_init(dla_folders *f)
{
  *f = (dla_folders){.in_config = {.make = make_for_config}};
}

dla_status dla_folders_make(dla_folders *f, dla_error *err)
{
  return f->path[DLA_FOLDER_STORAGE] ? DLA_OK : make_for_config(&f->in_config, err);
}

/* ---- The end ---- */

static bool lies_in(const char *folder, const char *path)
{
  size_t length = folder ? strlen(folder) : 0;
  return length && path && strncmp(folder, path, length) == 0 && strchr("/", path[length]);
}

/* A folder elsewhere, set by a variable, is not the job's to remove. */
static bool goes(const dla_folders *f, dla_folder which)
{
  return f->temporary && lies_in(f->path[DLA_FOLDER_STORAGE], f->path[which]);
}

bool dla_folders_lose(const dla_folders *f, const char *path)
{
  return goes(f, DLA_FOLDER_INPUT) && lies_in(f->path[DLA_FOLDER_INPUT], path);
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
  char *entry = dla_join_path(path, name);
  if (entry) dla_remove_tree(entry);
  free(entry);
}

bool dla_folders_remove(const dla_folders *f, bool pushed)
{
  const char *storage = f->path[DLA_FOLDER_STORAGE], *output = f->path[DLA_FOLDER_OUTPUT];
  if (!f->temporary || !storage) return false;
  if (pushed || !goes(f, DLA_FOLDER_OUTPUT) || !holds_more_than_logs(output)) {
    dla_temporary_remove(storage);
    return false;
  }
  dla_temporary_keep(storage); /* keep what is left in it */
  DIR *folder = opendir(storage);
  for (struct dirent *entry; folder && (entry = readdir(folder));)
    if (!is_one_of(entry->d_name, ".", "..", strrchr(output, '/') + 1))
      remove_entry(storage, entry->d_name);
  if (folder) closedir(folder);
  return true;
}

void dla_folders_keep(const dla_folders *f)
{
  if (f->temporary && f->path[DLA_FOLDER_STORAGE]) dla_temporary_keep(f->path[DLA_FOLDER_STORAGE]);
}

void dla_folders_free(dla_folders *f)
{
  for (dla_folder i = 0; i < DLA_FOLDER_COUNT; i++)
    free(f->path[i]);
  *f = (dla_folders){0};
}
