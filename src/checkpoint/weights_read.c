#include <config.h>

/* Reads a checkpoint without the optimizer's states, which are at least half of it. Only training
 * needs them. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checkpoint/safetensors.h"

/* Reads into bytes + from. False: the file is shorter, or unreadable (errno, else 0). */
static bool read_range(int fd, char *bytes, size_t from, size_t count)
{
  errno = 0;
  while (count > 0) {
    ssize_t n = pread(fd, bytes + from, count, (off_t)from);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    from += (size_t)n;
    count -= (size_t)n;
  }
  return true;
}

/* Uses huge pages if possible: the kernel clears small ones one by one, which takes as long as
 * reading. */
static char *make_room(size_t count)
{
  enum { HUGE_PAGE = 2 << 20 };
  if (count < HUGE_PAGE || count > SIZE_MAX - HUGE_PAGE) return malloc(count);
  const size_t size = (count + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
  char *room = aligned_alloc(HUGE_PAGE, size);
  if (room) madvise(room, size, MADV_HUGEPAGE); /* only a hint */
  return room;
}

/* Allocates as much as the file has bytes, but fills only the header: untouched memory costs
 * nothing. NULL: not a safetensors file, or no memory. */
static char *read_header(int fd, size_t count)
{
  enum { FIRST = 16 };
  char first[FIRST];
  uint64_t length;
  if (count < FIRST || !read_range(fd, first, 0, FIRST) || !dla_safetensors_is(first, FIRST))
    return NULL;
  memcpy(&length, first, sizeof length);
  char *bytes = length <= count - sizeof length ? make_room(count) : NULL;
  if (bytes && read_range(fd, bytes, 0, sizeof length + length)) return bytes;
  free(bytes);
  return NULL;
}

static void drop_optimizers(dla_tensor_set *set)
{
  size_t kept = 0;
  for (size_t i = 0; i < set->tensor_count; i++)
    if (dla_tensor_is_optimizers(set->tensor[i].name))
      free(set->tensor[i].name);
    else
      set->tensor[kept++] = set->tensor[i];
  set->tensor_count = kept;
}

static dla_status read_weights(int fd, const char *path, char *bytes, const dla_tensor_set *set,
                               dla_error *err)
{
  for (size_t i = 0; i < set->tensor_count; i++) {
    const dla_tensor_entry *tensor = &set->tensor[i];
    const size_t from = (size_t)((const char *)tensor->bytes - bytes);
    if (read_range(fd, bytes, from, tensor->size)) continue;
    if (errno) return dla_fail_errno(err, path, "read");
    return dla_fail(err, DLA_E_INPUT, path, "was it replaced meanwhile? Try again",
                    "it became shorter while it was read");
  }
  return DLA_OK;
}

/* False: read the file as a whole instead, which reports what is wrong with it, if anything is. */
static bool read_part(int fd, const char *path, size_t count, dla_tensor_set *set,
                      dla_status *status, dla_error *err)
{
  dla_error why = {0};
  char *bytes = read_header(fd, count);
  if (!bytes) return false;
  set->format = "safetensors";
  if (dla_safetensors_parse(path, bytes, count, set, &why) ||
      dla_tensor_set_check(set, path, &why) || !dla_tensor_set_get(set, DLA_WEIGHTS_DIGEST_KEY)) {
    dla_tensor_set_free(set);
    free(bytes);
    return false;
  }
  drop_optimizers(set);
  *status = dla_tensor_set_own(set, bytes, free, err);
  if (!*status) *status = read_weights(fd, path, bytes, set, err);
  if (!*status) *status = dla_tensor_set_verify_weights(set, path, err);
  if (*status) dla_tensor_set_free(set);
  return true;
}

dla_status dla_tensor_set_read_weights(const char *path, const char *key, dla_tensor_set *set,
                                       dla_error *err)
{
  struct stat st;
  dla_status status = DLA_OK;
  *set = (dla_tensor_set){0};
  /* A pipe can be opened only once, so it is not opened here. */
  int fd = !key[0] && stat(path, &st) == 0 && S_ISREG(st.st_mode) ? open(path, O_RDONLY | O_CLOEXEC)
                                                                  : -1;
  bool done =
      fd >= 0 && fstat(fd, &st) == 0 && read_part(fd, path, (size_t)st.st_size, set, &status, err);
  if (fd >= 0) close(fd);
  if (done) return status;
  status = dla_tensor_set_read(path, key, set, err);
  if (!status) drop_optimizers(set);
  return status;
}
