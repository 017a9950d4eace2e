/* Reads any bytes as an archive that may hold a data set: names, folders, links. The archive is a
 * file in memory, since zip and 7z are read with seeks. */
#define _GNU_SOURCE /* memfd_create */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dla/dataset.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  const dla_dataset_options options = {.train_limit = 100, .test_limit = 100};
  dla_dataset *train = NULL, *test = NULL;
  dla_error err = {0};
  char path[64];
  int fd = memfd_create("archive", 0);
  if (fd < 0) return 0;
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  if (write(fd, bytes, size) == (ssize_t)size &&
      dla_dataset_load(path, &options, &train, &test, &err) == DLA_OK) {
    float mean[4], std[4];
    dla_dataset_statistics(train, mean, std, &err);
    dla_dataset_free(train);
    dla_dataset_free(test);
  }
  close(fd);
  return 0;
}
