/* "Did you mean ...?": the candidate nearest to a mistyped word.
 *
 *   dla_closest c = dla_closest_to("optmizer");
 *   for (each name) dla_closest_offer(&c, name);
 *   dla_closest_hint(&c, "", "see --help", hint, sizeof hint);
 */
#ifndef DLA_BASE_CLOSEST_H
#define DLA_BASE_CLOSEST_H

#include <stddef.h>

typedef struct dla_closest {
  const char *word;
  const char *best; /* NULL while no candidate was near enough */
  size_t distance;  /* of best; before that, one more than near enough */
} dla_closest;

dla_closest dla_closest_to(const char *word);
void dla_closest_offer(dla_closest *closest, const char *candidate);

/* Writes "did you mean 'PREFIXbest'?", or `otherwise` where nothing was near enough. */
void dla_closest_hint(const dla_closest *closest, const char *prefix, const char *otherwise,
                      char *hint, size_t size);

#endif
