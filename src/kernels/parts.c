#include "kernels/parts.h"

enum { RUN = 4096 };                   /* floats added at a time: they fit the first-level cache */
#define MOST_FLOATS ((int64_t)4 << 20) /* of all parts together */

int64_t dla_parts_most(int64_t floats, int threads)
{
  int64_t wanted = (int64_t)DLA_PARTS_EACH * threads, room = MOST_FLOATS / floats;
  if (room >= wanted) return wanted;
  /* Seven parts of two threads would take as long as eight. */
  return room > threads ? room - room % threads : room;
}

typedef struct joining {
  float *sums;
  const float *others;
  int64_t floats, count;
} joining;

static void join_runs(const void *context, dla_items *items)
{
  const joining *j = context;
  for (int64_t run; dla_items_next(items, &run);) {
    int64_t first = run * RUN, end = first + RUN < j->floats ? first + RUN : j->floats;
    for (int64_t part = 0; part < j->count; part++)
      for (int64_t i = first; i < end; i++)
        j->sums[i] += j->others[part * j->floats + i];
  }
}

void dla_parts_join(dla_team *team, float *sums, const float *others, int64_t floats, int64_t count)
{
  const joining j = {sums, others, floats, count};
  if (count > 0) dla_team_run(team, (floats + RUN - 1) / RUN, join_runs, &j);
}
