#include "cli/job_folders.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/make_folder.h"
#include "base/remove_tree.h"
#include "base/strbuf.h"
#include "base/temporary_folder.h"

static const char input_variable[] = "DEEPSQUARE_INPUT", output_variable[] = "DEEPSQUARE_OUTPUT";

static const char *value_of(const char *variable)
{
  const char *value = getenv(variable);
  return value && *value ? value : NULL;
}

static dla_status make_storage(dla_job_folders *folders, dla_error *err)
{
  const char *storage = value_of("STORAGE_PATH"), *place = value_of("TMPDIR");
  if (!storage) {
    folders->temporary = true;
    dla_status status = dla_temporary_folder(place ? place : "/tmp", &folders->storage, err);
    /* What was trained, and nobody else has yet. */
    if (!status) dla_temporary_keep_part(folders->storage, "output");
    return status;
  }
  folders->storage = strdup(storage);
  return folders->storage ? dla_make_folder(storage, err) : dla_fail_memory(err, "a file name");
}

/* One of them: where its variable says, else in the storage, and then for nobody else. */
static dla_status make_folder(const dla_job_folders *folders, const char *variable,
                              const char *name, char **path, dla_error *err)
{
  const char *given = value_of(variable);
  dla_strbuf text = {0};
  if (given)
    dla_strbuf_printf(&text, "%s", given);
  else
    dla_strbuf_printf(&text, "%s/%s", folders->storage, name);
  *path = text.text;
  if (text.failed) return dla_fail_memory(err, "a file name");
  if (!given && mkdir(*path, S_IRWXU) && errno != EEXIST)
    return dla_fail_errno(err, *path, "make the folder");
  return dla_make_folder(*path, err);
}

static dla_status make_all(dla_config_folders *in_config, dla_error *err)
{
  dla_job_folders *folders = (dla_job_folders *)in_config;
  dla_status status = make_storage(folders, err);
  if (!status) status = make_folder(folders, input_variable, "input", &folders->input, err);
  if (!status) status = make_folder(folders, output_variable, "output", &folders->output, err);
  folders->in_config.path[0] = folders->input;
  folders->in_config.path[1] = folders->output;
  return status;
}

void dla_job_folders_init(dla_job_folders *folders)
{
  *folders = (dla_job_folders){.in_config = {.make = make_all}};
}

dla_status dla_job_folders_make(dla_job_folders *folders, dla_error *err)
{
  return folders->storage ? DLA_OK : make_all(&folders->in_config, err);
}

static bool lies_in(const char *folder, const char *path)
{
  size_t length = strlen(folder);
  return strncmp(folder, path, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* Elsewhere, where a variable said so, it is somebody else's. */
static bool is_ours(const dla_job_folders *folders, const char *folder)
{
  return folders->temporary && folders->storage && folder && lies_in(folders->storage, folder);
}

bool dla_job_folders_loses(const dla_job_folders *folders, const char *path)
{
  return is_ours(folders, folders->input) && lies_in(folders->input, path);
}

bool dla_job_folders_leave_output(dla_job_folders *folders)
{
  if (!folders->temporary || !folders->storage) return false;
  bool stays = is_ours(folders, folders->output) && rmdir(folders->output) && errno != ENOENT;
  if (!stays)
    dla_temporary_remove(folders->storage);
  else if (is_ours(folders, folders->input))
    dla_remove_tree(folders->input);
  return stays;
}

void dla_job_folders_free(dla_job_folders *folders, bool keep)
{
  if (folders->temporary && folders->storage)
    (keep ? dla_temporary_keep : dla_temporary_remove)(folders->storage);
  free(folders->storage);
  free(folders->input);
  free(folders->output);
  *folders = (dla_job_folders){0};
}
