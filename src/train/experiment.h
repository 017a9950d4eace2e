/* What a configuration describes, made: data, network and loaders. */
#ifndef DLA_EXPERIMENT_H
#define DLA_EXPERIMENT_H

#include "config/config.h"
#include "dla/checkpoint.h"
#include "dla/dist.h"
#include "dla/loader.h"
#include "dla/network.h"
#include "train/self.h"

typedef struct dla_experiment {
  dla_dataset *train, *test;
  dla_loader *train_loader, *test_loader; /* NULL where not asked for */
  dla_network *network;
  dla_train_state state; /* where training goes on */
  dla_dist *dist;        /* the ranks that train it; NULL: this process alone. Not owned */
  int threads;
  dla_normalization normalization; /* of the images */
  bool normalized;                 /* the checkpoint says it */
  bool pretrained;                 /* it begins with the weights of model.pretrained, */
  char drawn[DLA_PRETRAIN_LEFT];   /* but for these */
} dla_experiment;

/* Who wants to see how far reading the data set is, and may stop it; see dla_pictures_options. */
typedef struct dla_experiment_watch {
  void (*progress)(void *context, const char *what, size_t done, size_t all);
  bool (*stop)(void *context);
  void *context;
} dla_experiment_watch;

/* Where the images are: dataset.path, or dataset.train. */
const char *dla_experiment_place(const dla_config *config);
/* What of the configuration the data set is read with. watch: NULL: nobody looks on. */
dla_dataset_options dla_experiment_dataset(const dla_config *config,
                                           const dla_experiment_watch *watch);

/* Only the network, its parameters drawn by train.seed; or left as they are where they are to be
 * restored from a checkpoint, which is then to be done. checkpoint: NULL: none. */
dla_status dla_experiment_network(const dla_config *config, bool training,
                                  const dla_checkpoint *checkpoint, dla_dist *dist,
                                  dla_network **network, dla_error *err);
/* Of pictures that are not trained with: what they are normalised with where no data set says it,
 * and their short side before the middle is cut out. */
void dla_experiment_normalization(const dla_config *config, dla_normalization *normalization);
int dla_experiment_resize(const dla_config *config);
/* Images in an optimizer step of all ranks. */
int64_t dla_experiment_batch(const dla_config *config, const dla_dist *dist);
/* Threads of this rank that compute. */
int dla_experiment_threads(const dla_config *config, const dla_dist *dist);
/* Everything. Without `training` there is no train_loader, and the network keeps no gradients. It
 * starts from a checkpoint (where: its path) unless that is NULL. Sets model.classes and what else
 * the data set decides where it is left to it. watch may be NULL. */
dla_status dla_experiment_create(dla_config *config, bool training, dla_checkpoint *checkpoint,
                                 const char *where, dla_dist *dist,
                                 const dla_experiment_watch *watch, dla_experiment *experiment,
                                 dla_error *err);
/* Only the data and both loaders. */
dla_status dla_experiment_create_loaders(dla_config *config, dla_dist *dist,
                                         const dla_experiment_watch *watch,
                                         dla_experiment *experiment, dla_error *err);
/* Makes every program that training and evaluation will run (last, smaller batches, too), so that
 * the memory is known and nothing is left to plan, or to time, in between. */
dla_status dla_experiment_prepare(const dla_config *config, dla_experiment *experiment,
                                  dla_error *err);
void dla_experiment_free(dla_experiment *experiment);

#endif
