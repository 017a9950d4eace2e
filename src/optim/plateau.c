#include "optim/plateau.h"

static const double threshold = 1e-4, eps = 1e-8;

void dla_plateau_step(dla_plateau *plateau, const dla_schedule *schedule, double loss)
{
  const bool better = !plateau->begun || loss < plateau->best * (1 - threshold);
  plateau->begun = true;
  if (better) plateau->best = loss;
  plateau->bad_epochs = better ? 0 : plateau->bad_epochs + 1;
  if (plateau->bad_epochs <= schedule->patience) return;
  plateau->falls++;
  plateau->bad_epochs = 0;
}

double dla_plateau_lr(const dla_plateau *plateau, const dla_schedule *schedule, double lr)
{
  for (int64_t fall = 0; fall < plateau->falls; fall++) {
    const double next = lr * schedule->gamma,
                 floored = next > schedule->eta_min ? next : schedule->eta_min;
    if (lr - floored <= eps) break; /* later falls change nothing either */
    lr = floored;
  }
  return lr;
}
