#include "dataset/source.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "base/strbuf.h"
#include "dataset/archive.h"

static const char looked_for[] =
    "looked for CIFAR-10 or CIFAR-100, python or binary version (data_batch_1, train, "
    "data_batch_1.bin, train.bin, or their .tar.gz), and MNIST (train-images-idx3-ubyte[.gz])";

/* The slot of a file of this name, or NULL if no format knows it. */
static dla_blob *slot(void *context, const char *name)
{
  dla_source *source = context;
  size_t length = strlen(name);
  if (length > 3 && strcmp(name + length - 3, ".gz") == 0) length -= 3;
  for (int f = 0; f < DLA_FORMAT_COUNT; f++)
    for (int m = 0; dla_formats[f]->members[m].name; m++)
      if (strlen(dla_formats[f]->members[m].name) == length &&
          strncmp(name, dla_formats[f]->members[m].name, length) == 0)
        return &source->found[f][m];
  return NULL;
}

/* An archive's members are not decompressed again, so there only the plain name counts. */
static dla_blob *slot_in_archive(void *context, const char *name)
{
  size_t length = strlen(name);
  return length > 3 && strcmp(name + length - 3, ".gz") == 0 ? NULL : slot(context, name);
}

static const dla_format *recognise(const dla_source *source)
{
  for (int f = 0; f < DLA_FORMAT_COUNT; f++) {
    int present = 0;
    for (int m = 0; m < DLA_MEMBERS_MAX; m++)
      present += source->found[f][m].name != NULL;
    if (present >= dla_formats[f]->tell) return dla_formats[f];
  }
  return NULL;
}

static bool is_kind(const char *path, mode_t kind)
{
  struct stat info;
  return stat(path, &info) == 0 && (info.st_mode & S_IFMT) == kind;
}

static dla_status open_archive(const char *path, dla_source *source, dla_error *err)
{
  dla_status status = dla_archive_read(path, slot_in_archive, source, err);
  if (status != DLA_OK) return status;
  source->format = recognise(source);
  if (!source->format)
    return dla_fail(err, DLA_E_INPUT, path, looked_for, "the archive holds no dataset known here");
  source->place = strdup(path);
  return source->place ? DLA_OK : dla_fail_memory(err, path);
}

/* ---- Folders ---- */

typedef struct listing {
  struct dirent **entries;
  int count;
} listing;

static int is_visible(const struct dirent *entry)
{
  return entry->d_name[0] != '.';
}

static dla_status list(const char *path, listing *l, dla_error *err)
{
  l->count = scandir(path, &l->entries, is_visible, alphasort);
  return l->count < 0 ? dla_fail_errno(err, path, "list the folder") : DLA_OK;
}

static void list_free(listing *l)
{
  for (int i = 0; i < l->count; i++)
    free(l->entries[i]);
  free(l->entries);
}

/* Notes the known files of a folder; source->format stays NULL if they make no dataset. */
static dla_status look_into(const char *path, const listing *l, dla_source *source, dla_error *err)
{
  for (int i = 0; i < l->count; i++) {
    dla_blob *blob = slot(source, l->entries[i]->d_name);
    if (!blob || blob->name) continue;
    char *file = dla_join_path(path, l->entries[i]->d_name);
    if (!file) return dla_fail_memory(err, path);
    if (is_kind(file, S_IFREG))
      blob->name = file;
    else
      free(file);
  }
  source->format = recognise(source);
  if (!source->format) return DLA_OK;
  source->place = strdup(path);
  return source->place ? DLA_OK : dla_fail_memory(err, path);
}

static dla_status open_folder(const char *path, dla_source *source, dla_error *err)
{
  listing l = {0};
  dla_status status = list(path, &l, err);
  if (status != DLA_OK) return status;
  status = look_into(path, &l, source, err);
  list_free(&l);
  return status;
}

static bool is_archive_name(const char *name)
{
  size_t length = strlen(name);
  return strstr(name, ".tar") || (length > 4 && strcmp(name + length - 4, ".tgz") == 0);
}

static dla_status ambiguous(const char *path, const char *first, const char *second, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, path, "name the one you want", "both %s and %s could be meant",
                  first, second);
}

/* The one folder in this folder that holds a dataset. */
static dla_status try_folders(const char *path, const listing *l, dla_source *source,
                              dla_error *err)
{
  const char *chosen = NULL;
  dla_status status = DLA_OK;
  for (int i = 0; status == DLA_OK && i < l->count; i++) {
    char *folder = dla_join_path(path, l->entries[i]->d_name);
    if (!folder) return dla_fail_memory(err, path);
    dla_source candidate = {0};
    /* One that may not be read is none of ours. */
    if (is_kind(folder, S_IFDIR)) open_folder(folder, &candidate, NULL);
    free(folder);
    if (!candidate.place) {
      dla_source_close(&candidate);
      continue;
    }
    if (chosen) status = ambiguous(path, chosen, l->entries[i]->d_name, err);
    chosen = l->entries[i]->d_name;
    dla_source_close(source);
    *source = candidate;
  }
  return status;
}

/* The one archive in this folder. */
static dla_status try_archives(const char *path, const listing *l, dla_source *source,
                               dla_error *err)
{
  const char *chosen = NULL;
  for (int i = 0; i < l->count; i++) {
    const char *name = l->entries[i]->d_name;
    if (!is_archive_name(name)) continue;
    if (chosen) return ambiguous(path, chosen, name, err);
    chosen = name;
  }
  if (!chosen) return DLA_OK;
  char *file = dla_join_path(path, chosen);
  if (!file) return dla_fail_memory(err, path);
  dla_source_close(source);
  dla_status status = open_archive(file, source, err);
  free(file);
  return status;
}

static dla_status nothing_found(const char *path, const listing *l, dla_error *err)
{
  enum { SHOWN = 6 };
  dla_strbuf names = {0};
  for (int i = 0; i < l->count && i < SHOWN; i++)
    dla_strbuf_printf(&names, "%s%.60s", i ? ", " : "", l->entries[i]->d_name);
  if (l->count > SHOWN) dla_strbuf_printf(&names, " and %d more", l->count - SHOWN);
  dla_status status = dla_fail(err, DLA_E_INPUT, path, looked_for, "no dataset here; found %s",
                               l->count ? dla_strbuf_text(&names) : "an empty folder");
  dla_strbuf_free(&names);
  return status;
}

static dla_status search_folder(const char *path, dla_source *source, dla_error *err)
{
  listing l = {0};
  dla_status status = list(path, &l, err);
  if (status != DLA_OK) return status;
  status = look_into(path, &l, source, err);
  if (status == DLA_OK && !source->format) status = try_folders(path, &l, source, err);
  if (status == DLA_OK && !source->format) status = try_archives(path, &l, source, err);
  if (status == DLA_OK && !source->format) status = nothing_found(path, &l, err);
  list_free(&l);
  return status;
}

dla_status dla_source_open(const char *path, dla_source *source, dla_error *err)
{
  struct stat info;
  *source = (dla_source){0};
  if (stat(path, &info) != 0)
    return dla_fail(err, errno == ENOENT || errno == ENOTDIR ? DLA_E_INPUT : DLA_E_IO, path,
                    "give the dataset's folder or archive", "cannot open it: %s", strerror(errno));
  dla_status status =
      S_ISDIR(info.st_mode) ? search_folder(path, source, err) : open_archive(path, source, err);
  if (status != DLA_OK) dla_source_close(source);
  return status;
}

/* ---- Members ---- */

static dla_blob *member_blob(const dla_source *source, int member)
{
  int f = 0;
  while (dla_formats[f] != source->format)
    f++;
  return (dla_blob *)&source->found[f][member];
}

bool dla_source_has(const dla_source *source, int member)
{
  return member_blob(source, member)->name != NULL;
}

dla_status dla_source_take(dla_source *source, int member, dla_blob *blob, dla_error *err)
{
  dla_blob *found = member_blob(source, member);
  *blob = (dla_blob){0};
  if (!found->name)
    return dla_fail(err, DLA_E_INPUT, source->place, "fetch the dataset again",
                    "%s is missing from the %s", source->format->members[member].name,
                    source->format->title);
  if (!found->bytes) return dla_blob_read(found->name, blob, err);
  *blob = *found;
  *found = (dla_blob){0};
  return DLA_OK;
}

void dla_source_close(dla_source *source)
{
  free(source->place);
  for (int f = 0; f < DLA_FORMAT_COUNT; f++)
    for (int m = 0; m < DLA_MEMBERS_MAX; m++)
      dla_blob_free(&source->found[f][m]);
  *source = (dla_source){0};
}
