/* schedule.name: plateau: torch.optim.lr_scheduler.ReduceLROnPlateau with mode='min',
 * factor=gamma, patience, threshold=1e-4, threshold_mode='rel', cooldown=0, min_lr=eta_min and
 * eps=1e-8. */
#ifndef DLA_OPTIM_PLATEAU_H
#define DLA_OPTIM_PLATEAU_H

#include "dla/plateau.h"
#include "optim/schedule.h"

/* What an epoch's end with this test loss means. */
void dla_plateau_step(dla_plateau *plateau, const dla_schedule *schedule, double loss);

/* What the falls so far have made of lr. A function of its arguments, so that another lr, gamma or
 * eta_min holds for a run that goes on, too. */
double dla_plateau_lr(const dla_plateau *plateau, const dla_schedule *schedule, double lr);

#endif
