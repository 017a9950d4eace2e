#include "report/folder.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/natural.h"
#include "base/path.h"
#include "sweep/sweep.h"

enum { DEPTH = 3, MOST_RUNS = 1000 };

static bool is_folder(const char *path)
{
  struct stat info;
  return lstat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool is_known(const dla_run_set *set, const char *name)
{
  for (size_t i = 0; i < set->count; i++)
    if (strcmp(set->run[i]->name, name) == 0) return true;
  return false;
}

/* Skips a run that cannot be read: it may be just beginning. */
static dla_status add_run(dla_run_set *set, const char *path, const char *name, dla_error *err)
{
  dla_error why = {0};
  if (is_known(set, name) || set->count == MOST_RUNS) return DLA_OK;
  if (!DLA_ARRAY_RESERVE(set->run, set->capacity, set->count, 1))
    return dla_fail_memory(err, "the runs");
  const dla_status status = dla_run_open(path, name, &set->run[set->count], &why);
  if (!status) set->count++;
  if (status != DLA_E_MEMORY) return DLA_OK;
  *err = why;
  return status;
}

static dla_status look_into(dla_run_set *set, const char *path, const char *name, int depth,
                            dla_error *err);

static dla_status look_at(dla_run_set *set, const char *path, const char *name, const char *entry,
                          int depth, dla_error *err)
{
  dla_status status = DLA_OK;
  char *child = dla_join_path(path, entry);
  char *below = *name ? dla_join_path(name, entry) : strdup(entry);
  if (!child || !below)
    status = dla_fail_memory(err, "a file name");
  else if (is_folder(child))
    status = look_into(set, child, below, depth + 1, err);
  free(child);
  free(below);
  return status;
}

static dla_status look_into(dla_run_set *set, const char *path, const char *name, int depth,
                            dla_error *err)
{
  dla_status status = DLA_OK;
  if (*name && dla_run_is_one(path)) return add_run(set, path, name, err);
  DIR *folder = depth < DEPTH ? opendir(path) : NULL;
  for (struct dirent *entry; !status && folder && (entry = readdir(folder));)
    if (entry->d_name[0] != '.') status = look_at(set, path, name, entry->d_name, depth, err);
  if (folder) closedir(folder);
  return status;
}

static int compare_runs(const void *a, const void *b)
{
  return dla_natural_compare((*(dla_run *const *)a)->name, (*(dla_run *const *)b)->name);
}

/* A run that was begun anew may lack files for a moment; it is dropped now and found again
 * later. */
static void update_runs(dla_run_set *set)
{
  size_t kept = 0;
  for (size_t i = 0; i < set->count; i++) {
    dla_error ignored;
    if (dla_run_is_one(set->run[i]->folder) && !dla_run_update(set->run[i], &ignored))
      set->run[kept++] = set->run[i];
    else
      dla_run_free(set->run[i]);
  }
  set->count = kept;
}

dla_status dla_run_set_update(dla_run_set *set, dla_error *err)
{
  char *path = dla_join_path(set->folder, DLA_SWEEP_FILE);
  if (!path) return dla_fail_memory(err, "a file name");
  json_decref(set->sweep);
  set->sweep = json_load_file(path, 0, NULL);
  free(path);
  update_runs(set);
  dla_status status = look_into(set, set->folder, "", 0, err);
  if (set->count) qsort(set->run, set->count, sizeof *set->run, compare_runs);
  return status;
}

dla_status dla_run_set_open(const char *folder, dla_run_set **out, dla_error *err)
{
  struct stat info;
  if (stat(folder, &info))
    return dla_fail(err, DLA_E_INPUT, folder, NULL, "there is no such folder");
  if (!S_ISDIR(info.st_mode))
    return dla_fail(err, DLA_E_INPUT, folder, "give the folder that a run or a sweep wrote to",
                    "it is no folder");
  dla_run_set *set = calloc(1, sizeof *set);
  char *real = realpath(folder, NULL);
  if (set) set->folder = strdup(folder);
  if (set) set->name = strdup(dla_path_name(real ? real : folder));
  dla_status status = set && set->folder && set->name ? dla_run_set_update(set, err)
                                                      : dla_fail_memory(err, "the runs");
  free(real);
  if (status)
    dla_run_set_free(set);
  else
    *out = set;
  return status;
}

void dla_run_set_free(dla_run_set *set)
{
  if (!set) return;
  for (size_t i = 0; i < set->count; i++)
    dla_run_free(set->run[i]);
  free(set->run);
  json_decref(set->sweep);
  free(set->folder);
  free(set->name);
  free(set);
}
