#include <config.h>

#include "base/pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HUGE_PAGE = 2 << 20 };

/* Maps more than needed and gives back the parts before and behind an aligned range. */
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

typedef struct touching {
  char *data;
  size_t bytes, page;
} touching;

/* An item is HUGE_PAGE bytes. */
static void touch(const void *context, dla_items *items)
{
  const touching *t = context;
  for (int64_t item; dla_items_next(items, &item);) {
    size_t first = (size_t)item * HUGE_PAGE, rest = t->bytes - first;
    size_t end = first + (rest < HUGE_PAGE ? rest : HUGE_PAGE);
    for (size_t i = first; i < end; i += t->page)
      *(volatile char *)(t->data + i) = 0;
  }
}

bool dla_pages_map(size_t bytes, dla_team *team, dla_pages *pages)
{
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t alignment = bytes >= HUGE_PAGE ? HUGE_PAGE : page;
  size_t size = (bytes + page - 1) / page * page;
  *pages = (dla_pages){0};
  char *data = map_aligned(size ? size : page, alignment);
  if (!data) return false;
  *pages = (dla_pages){data, size ? size : page};
  if (alignment == HUGE_PAGE) madvise(data, pages->bytes, MADV_HUGEPAGE); /* only a hint */
  const touching t = {data, pages->bytes, page};
  dla_team_run(team, (int64_t)((pages->bytes + HUGE_PAGE - 1) / HUGE_PAGE), touch, &t);
  return true;
}

void dla_pages_unmap(dla_pages *pages)
{
  if (pages->data) munmap(pages->data, pages->bytes);
  *pages = (dla_pages){0};
}
