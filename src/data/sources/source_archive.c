#include "data/sources/source_archive.h"

#include <stdlib.h>
#include <string.h>

#include "data/address.h"
#include "data/sources/archive.h"
#include "data/sources/member_name.h"
#include "data/sources/unread.h"

static dla_status nothing_in(const char *path, const dla_archive_files *files, dla_error *err)
{
  if (files->inner)
    return dla_fail(err, DLA_E_INPUT, path, "unpack it, and give the archive that is inside",
                    "there is no dataset, but an archive %.200s in it", files->inner);
  if (dla_unread_kind(path))
    return dla_fail(err, DLA_E_INPUT, path, dla_unread_hint, "it is %s, which is not read",
                    dla_unread_kind(path));
  return dla_fail(err, DLA_E_INPUT, path,
                  "looked for pictures in FOLDER/CLASS, CIFAR-10 and CIFAR-100, python or binary "
                  "version, STL-10, and MNIST's files",
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
  if (!status && !chosen) {
    source->nothing = true;
    status = nothing_in(path, &files, err);
  }
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
