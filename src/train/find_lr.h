/* Learning rate finder: from fresh weights, the rate rises exponentially from step to step until
 * the loss diverges (Smith, "Cyclical learning rates for training neural networks", WACV 2017,
 * section 3.3: the LR range test). Smoothing, end and suggestion are those of PyTorch Lightning's
 * lr_find. */
#ifndef DLA_FIND_LR_H
#define DLA_FIND_LR_H

#include "train/experiment.h"

typedef struct dla_find_lr_options {
  double min, max; /* the first and the last rate */
  int steps;       /* at least 2 */
} dla_find_lr_options;

typedef struct dla_lr_point {
  double lr, loss, smoothed; /* loss: before the step's update */
} dla_lr_point;

typedef struct dla_lr_curve {
  dla_lr_point *point; /* room for all steps; free with dla_lr_curve_free() */
  int count;           /* points done */
  bool diverged;       /* the smoothed loss reached four times its least, or the loss was not
                        * finite */
  int suggested;       /* the point where the loss falls most steeply; -1: it falls nowhere */
} dla_lr_curve;

/* Trains the experiment's network, which must be fresh and is useless afterwards. With several
 * ranks, all must call it. */
dla_status dla_find_lr(const dla_config *config, dla_experiment *experiment,
                       const dla_find_lr_options *options, dla_lr_curve *curve, dla_error *err);
/* output.dir/lr_find.jsonl: one object per step. Creates the folder. */
#define DLA_LR_FILE "lr_find.jsonl"
dla_status dla_lr_curve_write(const dla_lr_curve *curve, const dla_config *config, dla_error *err);
void dla_lr_curve_free(dla_lr_curve *curve);

#endif
