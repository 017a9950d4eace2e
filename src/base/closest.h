/* "Did you mean ...?": the candidate nearest to a mistyped word.
 *
 *   dla_closest c = dla_closest_to("optmizer");
 *   for (each name) dla_closest_offer(&c, name);
 *   if (c.best) hint("did you mean '%s'?", c.best);
 */
#ifndef DLA_BASE_CLOSEST_H
#define DLA_BASE_CLOSEST_H

#include <stddef.h>

typedef struct dla_closest {
  const char *word;
  const char *best; /* NULL while no candidate was near enough to be worth suggesting */
  size_t distance;  /* of best; before that, one more than is near enough */
} dla_closest;

dla_closest dla_closest_to(const char *word);
void dla_closest_offer(dla_closest *closest, const char *candidate);

#endif
