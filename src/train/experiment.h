/* The data, network and loaders that a configuration describes. */
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
  dla_loader *train_loader, *test_loader; /* NULL: not requested */
  dla_network *network;
  dla_train_state state; /* where training starts or resumes */
  dla_dist *dist;        /* the ranks that train together; NULL: this process alone. Not owned */
  int threads;
  dla_normalization normalization; /* of the images */
  bool normalized;                 /* normalization comes from the checkpoint */
  bool pretrained;                 /* the network starts with the weights of model.pretrained */
  char drawn[DLA_PRETRAIN_LEFT];   /* except for these, which are initialised */
} dla_experiment;

/* Callbacks that show the progress of reading the data set, and may stop it; see
 * dla_pictures_options. */
typedef struct dla_experiment_watch {
  void (*progress)(void *context, const char *what, size_t done, size_t all);
  bool (*stop)(void *context);
  void *context;
} dla_experiment_watch;

/* The place of the images: dataset.path, or dataset.train. */
const char *dla_experiment_place(const dla_config *config);
/* The options for reading the data set. watch: NULL: no callbacks. */
dla_dataset_options dla_experiment_dataset(const dla_config *config,
                                           const dla_experiment_watch *watch);

/* Creates only the network. Its parameters are initialised from train.seed unless a checkpoint is
 * given; the caller must then restore it. checkpoint: NULL: none. */
dla_status dla_experiment_network(const dla_config *config, bool training,
                                  const dla_checkpoint *checkpoint, dla_dist *dist,
                                  dla_network **network, dla_error *err);
/* For pictures without a data set: the default normalization, and the short side before the
 * center crop. */
void dla_experiment_normalization(const dla_config *config, dla_normalization *normalization);
int dla_experiment_resize(const dla_config *config);
/* Images per optimizer step, of all ranks. */
int64_t dla_experiment_batch(const dla_config *config, const dla_dist *dist);
/* This rank's number of computing threads. */
int dla_experiment_threads(const dla_config *config, const dla_dist *dist);
/* Creates everything. Without `training` there is no train_loader, and the network keeps no
 * gradients. It starts from checkpoint (whose path is `where`), unless that is NULL. Sets
 * model.classes and the other keys that are left to the data set. watch may be NULL. */
dla_status dla_experiment_create(dla_config *config, bool training, dla_checkpoint *checkpoint,
                                 const char *where, dla_dist *dist,
                                 const dla_experiment_watch *watch, dla_experiment *experiment,
                                 dla_error *err);
/* Creates only the data and both loaders. */
dla_status dla_experiment_create_loaders(dla_config *config, dla_dist *dist,
                                         const dla_experiment_watch *watch,
                                         dla_experiment *experiment, dla_error *err);
/* Compiles every program for training and evaluation, also for smaller last batches. So memory
 * use is known, and nothing is planned or timed during training. */
dla_status dla_experiment_prepare(const dla_config *config, dla_experiment *experiment,
                                  dla_error *err);
void dla_experiment_free(dla_experiment *experiment);

#endif
