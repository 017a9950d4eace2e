#include "base/closest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 64 }; /* longer words are no mistyped keys of ours */

static int lower(char c)
{
  return tolower((unsigned char)c);
}

static size_t smaller(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* Damerau-Levenshtein distance in its restricted form: insert, delete, replace, and exchange of
 * two neighbours cost 1 each. Case costs nothing. */
static size_t edit_distance(const char *a, const char *b)
{
  size_t la = strlen(a), lb = strlen(b);
  if (la > LONGEST || lb > LONGEST) return LONGEST;
  size_t rows[3][LONGEST + 1];
  for (size_t j = 0; j <= lb; j++)
    rows[0][j] = j;
  for (size_t i = 1; i <= la; i++) {
    size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
    now[0] = i;
    for (size_t j = 1; j <= lb; j++) {
      int same = lower(a[i - 1]) == lower(b[j - 1]);
      now[j] = smaller(smaller(before[j], now[j - 1]) + 1, before[j - 1] + !same);
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1]))
        now[j] = smaller(now[j], earlier[j - 2] + 1);
    }
  }
  return rows[la % 3][lb];
}

dla_closest dla_closest_to(const char *word)
{
  /* One mistake in a short word, one more for every four letters. */
  return (dla_closest){.word = word, .distance = 2 + strlen(word) / 4};
}

void dla_closest_offer(dla_closest *closest, const char *candidate)
{
  size_t distance = edit_distance(closest->word, candidate);
  if (distance >= closest->distance || distance >= strlen(candidate)) return;
  closest->distance = distance;
  closest->best = candidate;
}

void dla_closest_hint(const dla_closest *closest, const char *prefix, const char *otherwise,
                      char *hint, size_t size)
{
  if (closest->best)
    snprintf(hint, size, "did you mean '%s%s'?", prefix, closest->best);
  else
    snprintf(hint, size, "%s", otherwise);
}
