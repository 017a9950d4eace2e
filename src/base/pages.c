#include <config.h>

#include "base/pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HUGE_PAGE = 2 << 20 };

/* Maps with room to spare and gives back what lies before and behind an aligned range. */
static char *map_aligned(size_t bytes, size_t alignment)
{
  char *raw =
      mmap(NULL, bytes + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED) return NULL;
  size_t before = (alignment - (uintptr_t)raw % alignment) % alignment;
  if (before) munmap(raw, before);
  if (alignment - before) munmap(raw + before + bytes, alignment - before);
  return raw + before;
}

bool dla_pages_map(size_t bytes, dla_pages *pages)
{
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t alignment = bytes >= HUGE_PAGE ? HUGE_PAGE : page;
  size_t size = (bytes + page - 1) / page * page;
  *pages = (dla_pages){0};
  char *data = map_aligned(size ? size : page, alignment);
  if (!data) return false;
  *pages = (dla_pages){data, size ? size : page};
  if (alignment == HUGE_PAGE) madvise(data, pages->bytes, MADV_HUGEPAGE); /* only a hint */
#pragma omp parallel for schedule(static)
  for (size_t i = 0; i < pages->bytes; i += page)
    *(volatile char *)(data + i) = 0;
  return true;
}

void dla_pages_unmap(dla_pages *pages)
{
  if (pages->data) munmap(pages->data, pages->bytes);
  *pages = (dla_pages){0};
}
