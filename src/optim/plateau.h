/* schedule.name: plateau: torch.optim.lr_scheduler.ReduceLROnPlateau with mode='min',
 * factor=gamma, patience, threshold=1e-4, threshold_mode='rel', cooldown=0, min_lr=eta_min and
 * eps=1e-8. */
#ifndef DLA_OPTIM_PLATEAU_H
#define DLA_OPTIM_PLATEAU_H

#include "dla/plateau.h"
#include "optim/schedule.h"

/* Takes the test loss at the end of an epoch. */
void dla_plateau_step(dla_plateau *plateau, const dla_schedule *schedule, double loss);

/* The rate after the falls so far. It depends only on its arguments, so a resumed run can have
 * another lr, gamma or eta_min. */
double dla_plateau_lr(const dla_plateau *plateau, const dla_schedule *schedule, double lr);

#endif
