#include "sweep/halving.h"

/* Counts from max_epochs down by the factor, as long as min_epochs are left. So the last rung,
 * which gives the result, has all max_epochs. */
int dla_sweep_rungs(const dla_sweep *sweep)
{
  int rungs = 1;
  if (sweep->method != DLA_SWEEP_HALVING) return rungs;
  for (int64_t epochs = sweep->max_epochs / sweep->eta; epochs >= sweep->min_epochs;
       epochs /= sweep->eta)
    rungs++;
  return rungs;
}

int64_t dla_sweep_rung_epochs(const dla_sweep *sweep, int rung)
{
  int64_t epochs = sweep->max_epochs;
  for (int i = dla_sweep_rungs(sweep) - 1; i > rung; i--)
    epochs /= sweep->eta;
  return epochs;
}

size_t dla_sweep_rung_trials(const dla_sweep *sweep, int rung, size_t count)
{
  for (int i = 0; i < rung; i++)
    count /= (size_t)sweep->eta;
  return count ? count : 1;
}
