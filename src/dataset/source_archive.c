#include "dataset/source_archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/try.h"
#include "dataset/archive.h"
#include "dataset/member_name.h"

/* What stands at the end of a file that lies beside an archive. */
static const char *const beside[] = {".md5",    ".sha1",       ".sha256",    ".sha512", ".asc",
                                     ".sig",    ".part",       ".aria2",     ".txt",    ".html",
                                     ".tmp",    ".crdownload", ".torrent",   ".json",   ".partial",
                                     ".icloud", ".download",   ".opdownload"};

bool dla_is_archive_name(const char *name)
{
  static const char *const ends[] = {".tar", ".tgz", ".zip", ".tbz2", ".txz", ".tzst", ".7z"};
  size_t length = strlen(name);
  for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
    size_t end = strlen(beside[i]);
    if (length > end && strcasecmp(name + length - end, beside[i]) == 0) return false;
  }
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
    for (const char *p = name; (p = strchr(p, '.')); p++) {
      char after = strncasecmp(p, ends[i], strlen(ends[i])) == 0 ? p[strlen(ends[i])] : 'x';
      if (p > name && (after == '\0' || strchr(".? (", after))) return true;
    }
  return false;
}

static dla_status nothing_in(const char *path, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, path,
                  "looked for CIFAR-10 and CIFAR-100, python or binary version, and MNIST's files; "
                  "an archive in an archive has to be unpacked first",
                  "the archive holds no dataset known here");
}

dla_status dla_source_open_archive(const char *path, const dla_dataset_options *options,
                                   dla_source *source, dla_error *err)
{
  dla_archive_files files = {0};
  dla_catalogue catalogue = {0};
  const dla_candidate *chosen = NULL;
  dla_status status = dla_archive_read(path, dla_is_member_name, &files, err);
  for (size_t i = 0; !status && i < files.count; i++)
    if (files.items[i].blob.name)
      status = dla_catalogue_add(&catalogue, files.items[i].path, i, err);
  if (!status)
    status = dla_catalogue_choose(&catalogue, options, path,
                                  "unpack the archive and give the folder of the one you want",
                                  &chosen, err);
  if (!status && !chosen) status = nothing_in(path, err);
  if (!status) {
    source->format = chosen->format;
    source->place = strdup(path);
    if (!source->place) status = dla_fail_memory(err, path);
    for (int m = 0; chosen->format->members[m].name; m++) {
      if (!chosen->found[m].there) continue;
      dla_blob *blob = &files.items[chosen->found[m].entry].blob;
      source->found[m] = *blob;
      *blob = (dla_blob){0};
    }
  }
  dla_catalogue_free(&catalogue);
  dla_archive_files_free(&files);
  return status;
}
