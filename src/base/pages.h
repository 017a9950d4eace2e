/* Large memory straight from the system: zeroed, aligned to a page, on huge pages where it gives
 * them (madvise), and touched by a team's threads in equal parts, so that on machines with
 * several memory nodes the pages are spread and no step pays for their first use. */
#ifndef DLA_BASE_PAGES_H
#define DLA_BASE_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/team.h"

typedef struct dla_pages {
  char *data; /* NULL: none */
  size_t bytes;
} dla_pages;

/* False when there is not enough memory; *pages is none then. 0 bytes give a page. */
bool dla_pages_map(size_t bytes, dla_team *team, dla_pages *pages);
void dla_pages_unmap(dla_pages *pages);

#endif
