#include "data/sources/find.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "base/try.h"
#include "data/sources/member_name.h"
#include "data/sources/source_archive.h"
#include "data/sources/source_folder.h"

static dla_status cannot_open(const char *path, dla_error *err)
{
  int error = errno;
  char target[256];
  ssize_t length = readlink(path, target, sizeof target - 1);
  if (length >= 0 && error == ENOENT)
    return dla_fail(err, DLA_E_INPUT, path, "give the dataset's folder or archive",
                    "it is a link to %.*s, which is not there", (int)length, target);
  return dla_fail(err, error == ENOENT || error == ENOTDIR ? DLA_E_INPUT : DLA_E_IO, path,
                  "give the dataset's folder or archive", "cannot open it: %s", strerror(error));
}

/* Opens a single file: one of a data set in a folder, or an archive. */
static dla_status open_file(const char *path, const dla_dataset_options *options,
                            dla_source *source, dla_error *err)
{
  if (dla_is_member_name(dla_path_name(path)))
    TRY(dla_source_open_file(path, options, source, err));
  return source->format ? DLA_OK : dla_source_open_archive(path, options, source, err);
}

/* Selects the labels that the options ask for. */
static dla_status set_labels(const dla_dataset_options *options, dla_source *source, dla_error *err)
{
  if (!options->coarse) return DLA_OK;
  if (!source->format->coarse_labels)
    return dla_fail(err, DLA_E_INPUT, "dataset.labels", "leave it out",
                    "coarse labels are CIFAR-100's, and %s is the %s", source->place,
                    source->format->title);
  source->format = source->format->coarse_labels;
  return DLA_OK;
}

dla_status dla_find_dataset(const char *path, const dla_dataset_options *options,
                            dla_source *source, dla_error *err)
{
  struct stat info;
  *source = (dla_source){0};
  if (stat(path, &info) != 0) return cannot_open(path, err);
  bool pipe = S_ISFIFO(info.st_mode); /* a streamed archive: dataset.path=<(curl ...) */
  if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode) && !pipe)
    return dla_fail(err, DLA_E_INPUT, path, "give the dataset's folder or archive",
                    "it is no file and no folder");
  dla_status status = S_ISDIR(info.st_mode) ? dla_source_open_folder(path, options, source, err)
                      : pipe                ? dla_source_open_archive(path, options, source, err)
                                            : open_file(path, options, source, err);
  if (!status) status = set_labels(options, source, err);
  if (status == DLA_OK) return DLA_OK;
  const bool several = source->several;
  dla_source_close(source);
  source->several = several;
  return status;
}
