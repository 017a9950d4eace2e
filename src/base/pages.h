/* Large memory straight from the system: zeroed, aligned to a page, on huge pages where the system
 * gives them (madvise). A team's threads touch equal parts of it. So on machines with several
 * memory nodes the pages are spread, and no step pays for their first use. */
#ifndef DLA_BASE_PAGES_H
#define DLA_BASE_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/team.h"

typedef struct dla_pages {
  char *data; /* NULL: none */
  size_t bytes;
} dla_pages;

/* Returns false where there is not enough memory; *pages is none then. 0 bytes give one page. */
bool dla_pages_map(size_t bytes, dla_team *team, dla_pages *pages);
void dla_pages_unmap(dla_pages *pages);

#endif
