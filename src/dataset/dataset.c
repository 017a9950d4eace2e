/* Finds out what is at a path and loads it: a folder with the files of a format, a folder that
 * holds such a folder or an archive, or the archive itself. */
#include "dla/dataset.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/strbuf.h"
#include "dataset/archive.h"
#include "dataset/format.h"

/* The files found, by format and member; a blob without bytes was not. */
typedef struct collection {
  dla_blob blob[DLA_FORMAT_COUNT][DLA_MEMBERS_MAX];
} collection;

static void free_collection(collection *files)
{
  for (int f = 0; f < DLA_FORMAT_COUNT; f++)
    for (int m = 0; m < DLA_MEMBERS_MAX; m++)
      dla_blob_free(&files->blob[f][m]);
}

static bool named(const char *file, const char *member)
{
  size_t length = strlen(member);
  return strncmp(file, member, length) == 0 &&
         (file[length] == '\0' || strcmp(file + length, ".gz") == 0);
}

/* dla_archive_choose: the first file of a name counts. */
static dla_blob *choose(void *context, const char *name)
{
  collection *files = context;
  for (int f = 0; f < DLA_FORMAT_COUNT; f++)
    for (int m = 0; dla_formats[f]->members[m].name; m++)
      if (named(name, dla_formats[f]->members[m].name) && !files->blob[f][m].name)
        return &files->blob[f][m];
  return NULL;
}

/* The format most of whose members were found, or -1. */
static int recognise(const collection *files)
{
  for (int f = 0; f < DLA_FORMAT_COUNT; f++) {
    int found = 0;
    for (int m = 0; dla_formats[f]->members[m].name; m++)
      found += files->blob[f][m].name != NULL;
    if (found >= dla_formats[f]->tell) return f;
  }
  return -1;
}

static dla_status read_folder(const char *path, collection *files, dla_error *err)
{
  dla_status status = DLA_OK;
  DIR *folder = opendir(path);
  if (!folder) return dla_fail(err, DLA_E_INPUT, path, NULL, "cannot open: %s", strerror(errno));
  for (struct dirent *entry; !status && (entry = readdir(folder));) {
    dla_blob *blob = choose(files, entry->d_name);
    if (!blob) continue;
    dla_strbuf name = {0};
    dla_strbuf_printf(&name, "%s/%s", path, entry->d_name);
    status = name.failed ? dla_fail_memory(err, path) : dla_blob_read(name.text, blob, err);
    dla_strbuf_free(&name);
  }
  closedir(folder);
  return status;
}

static bool is_folder(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static dla_status collect(const char *path, collection *files, dla_error *err)
{
  return is_folder(path) ? read_folder(path, files, err)
                         : dla_archive_read(path, choose, files, err);
}

/* What a folder may hold instead of the files themselves: the archives' own names. */
static const char *const inside[] = {
    "cifar-10-batches-py",    "cifar-100-python",        "cifar-10-batches-bin",
    "cifar-100-binary",       "cifar-10-python.tar.gz",  "cifar-100-python.tar.gz",
    "cifar-10-binary.tar.gz", "cifar-100-binary.tar.gz",
};

static dla_status collect_inside(const char *path, collection *files, dla_error *err)
{
  dla_status status = DLA_OK;
  for (size_t i = 0; i < sizeof inside / sizeof inside[0] && !status; i++) {
    dla_strbuf name = {0};
    struct stat st;
    dla_strbuf_printf(&name, "%s/%s", path, inside[i]);
    if (name.failed)
      status = dla_fail_memory(err, path);
    else if (stat(name.text, &st) == 0)
      status = collect(name.text, files, err);
    dla_strbuf_free(&name);
    if (recognise(files) >= 0) break;
  }
  return status;
}

static dla_status find_files(const char *path, collection *files, int *format, dla_error *err)
{
  struct stat st;
  if (stat(path, &st))
    return dla_fail(err, DLA_E_INPUT, path, "dataset.path is a folder or an archive",
                    "cannot open: %s", strerror(errno));
  dla_status status = collect(path, files, err);
  if (!status && recognise(files) < 0 && S_ISDIR(st.st_mode))
    status = collect_inside(path, files, err);
  *format = recognise(files);
  if (!status && *format < 0)
    return dla_fail(
        err, DLA_E_INPUT, path,
        "it must hold data_batch_1 ... (CIFAR-10), train and test (CIFAR-100), their .bin "
        "versions, or train-images-idx3-ubyte[.gz] (MNIST)",
        "no dataset was recognised");
  return status;
}

static dla_status add_members(const dla_format *format, const char *path, dla_blob *blobs,
                              dla_split splits[2], char ***names, dla_error *err)
{
  dla_status status = DLA_OK;
  for (int m = 0; format->members[m].name && !status; m++) {
    const dla_member *member = &format->members[m];
    dla_blob *blob = &blobs[m];
    if (member->part == DLA_PART_NAMES) {
      if (blob->bytes && format->read_names) status = format->read_names(format, blob, names, err);
      continue;
    }
    dla_split *split = &splits[member->part == DLA_PART_TEST];
    if (!blob->name)
      return dla_fail(err, DLA_E_INPUT, path, "is the download complete?",
                      "the %s lacks the file '%s'", format->title, member->name);
    if (!dla_split_is_full(split)) status = format->add(format, split, blob, err);
    dla_blob_free(blob); /* what the split did not take is not needed any longer */
  }
  return status;
}

static dla_status finish(const dla_format *format, const char *path, dla_split splits[2],
                         char **names, dla_error *err)
{
  dla_status status = DLA_OK;
  int classes = format->classes;
  for (int s = 0; s < 2; s++)
    if (splits[s].dataset->classes > classes) classes = splits[s].dataset->classes;
  for (int s = 0; s < 2 && !status; s++) {
    dla_dataset *dataset = splits[s].dataset;
    dataset->classes = classes;
    snprintf(dataset->format, sizeof dataset->format, "%s", format->title);
    status = dla_split_finish(&splits[s], path, err);
    if (!status && names && !(dataset->class_names = dla_names_copy(names, classes)))
      status = dla_fail_memory(err, "the names of the classes");
  }
  return status;
}

dla_status dla_dataset_load(const char *path, size_t train_limit, size_t test_limit,
                            dla_dataset **train, dla_dataset **test, dla_error *err)
{
  collection files = {0};
  int format = -1;
  char **names = NULL;
  dla_split splits[2] = {
      {.dataset = calloc(1, sizeof(dla_dataset)), .limit = train_limit ? train_limit : SIZE_MAX},
      {.dataset = calloc(1, sizeof(dla_dataset)), .limit = test_limit ? test_limit : SIZE_MAX}};
  dla_status status = splits[0].dataset && splits[1].dataset
                          ? find_files(path, &files, &format, err)
                          : dla_fail_memory(err, "the dataset");
  const dla_format *found = status ? NULL : dla_formats[format];
  if (!status) status = add_members(found, path, files.blob[format], splits, &names, err);
  if (!status) status = finish(found, path, splits, names, err);
  free_collection(&files);
  if (found) dla_names_free(names, found->classes);
  if (status) {
    dla_dataset_free(splits[0].dataset);
    dla_dataset_free(splits[1].dataset);
    return status;
  }
  *train = splits[0].dataset;
  *test = splits[1].dataset;
  return DLA_OK;
}

void dla_dataset_free(dla_dataset *dataset)
{
  if (!dataset) return;
  dla_names_free(dataset->class_names, dataset->classes);
  free(dataset->images);
  free(dataset->labels);
  free(dataset);
}

void dla_dataset_statistics(const dla_dataset *dataset, float *mean, float *std)
{
  size_t pixels = (size_t)dataset->height * (size_t)dataset->width;
  for (int c = 0; c < dataset->channels; c++) {
    uint64_t sum = 0, squares = 0; /* exact: 2^64 holds 2^48 pixels of 255 * 255 */
    for (size_t n = 0; n < dataset->count; n++) {
      const uint8_t *plane = dataset->images + (n * (size_t)dataset->channels + (size_t)c) * pixels;
      for (size_t i = 0; i < pixels; i++) {
        sum += plane[i];
        squares += (uint64_t)plane[i] * plane[i];
      }
    }
    double count = (double)dataset->count * (double)pixels, average = (double)sum / count;
    mean[c] = (float)(average / 255);
    std[c] = (float)(sqrt((double)squares / count - average * average) / 255);
    if (std[c] == 0) std[c] = 1; /* a constant channel is only shifted */
  }
}
