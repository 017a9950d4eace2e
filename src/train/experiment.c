#include "train/experiment.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cpu.h"
#include "base/try.h"
#include "data/side.h"
#include "train/model_graph.h"
#include "train/progressive.h"
#include "train/tuning_cache.h"
#include "train/whiten.h"

/* torchvision's references train on 224 pixels, and test on the center crop after a resize to
 * 256. */
enum { SIDE_OF_PICTURES = 224, REFERENCE_SIDE = 224, REFERENCE_RESIZE = 256 };

/* Mean and deviation of CIFAR-10's training images, as in the PyTorch program. */
static const float cifar10_mean[] = {0.4914f, 0.4822f, 0.4465f};
static const float cifar10_std[] = {0.2023f, 0.1994f, 0.2010f};

/* Of ImageNet's training pictures, as in torchvision's references. */
static const float imagenet_mean[] = {0.485f, 0.456f, 0.406f};
static const float imagenet_std[] = {0.229f, 0.224f, 0.225f};

void dla_experiment_normalization(const dla_config *config, dla_normalization *n)
{
  const bool imagenet = config->augment.normalize == DLA_NORMALIZE_IMAGENET;
  for (int c = 0; c < 4; c++) {
    n->mean[c] = (imagenet ? imagenet_mean : cifar10_mean)[c % 3];
    n->std[c] = (imagenet ? imagenet_std : cifar10_std)[c % 3];
  }
}

static dla_status find_normalization(const dla_config *config, dla_experiment *x, dla_error *err)
{
  float mean[4] = {0}, std[4] = {1, 1, 1, 1};
  if (x->normalized && config->dataset.only_test) return DLA_OK;
  dla_experiment_normalization(config, &x->normalization);
  if (config->augment.normalize != DLA_NORMALIZE_DATASET) return DLA_OK;
  TRY(dla_dataset_statistics(x->train, mean, std, err));
  for (int c = 0; c < 4; c++) {
    /* A grey image has the same values on every channel. */
    int from = x->train->channels == 1 ? 0 : c;
    x->normalization.mean[c] = mean[from];
    x->normalization.std[c] = std[from];
  }
  return DLA_OK;
}

int64_t dla_experiment_batch(const dla_config *config, const dla_dist *dist)
{
  return config->train.batch_size * (config->train.batch_per_rank ? dla_dist_size(dist) : 1);
}

int dla_experiment_threads(const dla_config *config, const dla_dist *dist)
{
  return dla_cpu_threads((int)config->train.threads, dla_dist_sharers(dist));
}

int dla_experiment_resize(const dla_config *config)
{
  const int64_t side = config->model.image_size;
  if (config->augment.val_resize) return (int)config->augment.val_resize;
  return config->augment.crop == DLA_CROP_CHOICE_RESIZED
             ? (int)(side * REFERENCE_RESIZE / REFERENCE_SIDE)
             : (int)side;
}

/* Threads that decode, in addition to those that compute. They sleep when idle. */
static int loader_workers(const dla_config *config, const dla_experiment *x)
{
  if (config->dataset.workers) return (int)config->dataset.workers;
  return x->train->read ? x->threads : 0;
}

static void set_augmentations(const dla_config *config, dla_loader_options *options)
{
  options->crop_padding = (int)config->augment.crop_padding;
  options->flip = config->augment.flip;
  options->crop =
      config->augment.crop == DLA_CROP_CHOICE_RESIZED ? DLA_CROP_RESIZED : DLA_CROP_PADDED;
  options->random_crop = config->augment.random_crop;
  options->policy = (dla_policy){config->augment.policy, (int)config->augment.num_ops,
                                 (int)config->augment.magnitude};
  options->jitter = config->augment.jitter;
  options->rotation = config->augment.rotation;
  options->random_erasing = config->augment.random_erase;
  options->cutout = (int)config->augment.cutout;
  options->mixup = config->augment.mixup;
  options->cutmix = config->augment.cutmix;
  options->progressive = dla_progressive_of(config);
}

static dla_status begin_pretrained(const dla_config *config, dla_experiment *x, dla_error *err)
{
  const char *path = config->model.pretrained;
  dla_checkpoint *checkpoint = NULL;
  dla_status status = dla_checkpoint_read(path, config->checkpoint.in_key, &checkpoint, err);
  if (!status) status = dla_checkpoint_pretrain(checkpoint, path, x->network, x->drawn, err);
  dla_checkpoint_free(checkpoint);
  x->pretrained = !status;
  return status;
}

/* Completes the initial weights of a fresh run. options: for loading test images. */
static dla_status begin_weights(const dla_config *config, dla_experiment *x,
                                const dla_loader_options *options, dla_error *err)
{
  dla_status status = config->model.pretrained[0] ? begin_pretrained(config, x, err)
                                                  : dla_whiten(x->network, x->train, options, err);
  if (!status && dla_network_averages(x->network)) dla_network_average_begin(x->network);
  return status;
}

/* fresh: also complete the initial weights. */
static dla_status make_loaders(const dla_config *config, bool training, bool fresh,
                               dla_experiment *x, dla_error *err)
{
  dla_loader_options options = {
      .channels = (int)config->model.in_channels,
      .height = (int)config->model.image_size,
      .width = (int)config->model.image_size,
      .batch_size = (size_t)config->train.test_batch_size,
      .seed = (uint64_t)config->train.seed,
      .rank = dla_dist_rank(x->dist),
      .ranks = dla_dist_size(x->dist),
      .workers = loader_workers(config, x),
      .resize = dla_experiment_resize(config),
  };
  dla_status status = find_normalization(config, x, err);
  memcpy(options.mean, x->normalization.mean, sizeof options.mean);
  memcpy(options.std, x->normalization.std, sizeof options.std);
  if (!status) status = dla_loader_create(x->test, &options, &x->test_loader, err);
  if (status || !training) return status;
  if (fresh) status = begin_weights(config, x, &options, err);
  if (status) return status;
  options.batch_size = (size_t)dla_experiment_batch(config, x->dist);
  options.shuffle = true;
  set_augmentations(config, &options);
  return dla_loader_create(x->train, &options, &x->train_loader, err);
}

/* The known fastest implementations: those of the cache, then the checkpoint's, which override
 * them: a resumed run keeps its implementations. */
static dla_status known_tuning(const dla_config *config, const dla_checkpoint *checkpoint,
                               dla_strbuf *tuning, dla_error *err)
{
  const char *kept = checkpoint ? dla_checkpoint_text(checkpoint, "tuning") : NULL;
  dla_status status = dla_tuning_cache_read(config, tuning, err);
  if (!status && kept) dla_strbuf_printf(tuning, "%s", kept);
  return status ? status : tuning->failed ? dla_fail_memory(err, "the tuning") : DLA_OK;
}

dla_status dla_experiment_network(const dla_config *config, bool training,
                                  const dla_checkpoint *checkpoint, dla_dist *dist,
                                  dla_network **network, dla_error *err)
{
  dla_graph *graph = NULL, **small = NULL;
  dla_strbuf tuning = {0};
  dla_status status = known_tuning(config, checkpoint, &tuning, err);
  if (!status && training) status = dla_progressive_graphs(config, &small, err);
  if (!status) status = dla_model_graph(config, &graph, err);
  int64_t batch = training ? dla_experiment_batch(config, dist) : config->train.test_batch_size;
  const dla_network_options options = {
      .backend = config->backend.name,
      .device = config->backend.device,
      .threads = dla_experiment_threads(config, dist),
      .batch = (int64_t)dla_share_of((size_t)batch, 0, dla_dist_size(dist)).count,
      .other_sizes = small,
      .other_size_count = small ? dla_progressive_size_count(config) : 0,
      .training = training,
      .optimizer = dla_config_optimizer(config),
      .groups = config->optimizer.groups,
      .no_decay = config->optimizer.no_decay,
      .freeze = config->train.freeze,
      .average = config->train.ema > 0,
      .label_smoothing = config->train.label_smoothing,
      .mixed_labels = config->augment.mixup > 0 || config->augment.cutmix > 0,
      .clip_grad_norm = config->optimizer.clip_grad_norm,
      .seed = (uint64_t)config->train.seed,
      .accumulate = (int)config->train.accumulate,
      .precision = config->train.precision,
      .recompute = config->train.recompute,
      .dist = dist,
      .sync_bn = config->train.sync_bn,
      .convolution = config->backend.convolution,
      .tuning = config->backend.autotune == DLA_AUTOTUNE_OFF ? NULL : dla_strbuf_text(&tuning),
  };
  dla_network *made = NULL;
  if (!status)
    status = dla_network_create(graph, &options, &made, err);
  else
    for (int i = 0; i < options.other_size_count; i++)
      dla_graph_free(small[i]);
  free(small);
  dla_strbuf_free(&tuning);
  /* Restoring sets every parameter or fails, and the optimizer's state starts at zero anyway. */
  if (!status && !checkpoint)
    status = dla_network_initialise(made, (uint64_t)config->train.seed, err);
  if (status)
    dla_network_free(made);
  else
    *network = made;
  return status;
}

/* Sets the keys that the data set decides, so that checkpoints record their values. */
static dla_status settle(dla_config *config, const dla_dataset *train, dla_error *err)
{
  const bool pictures = train->read != NULL;
  if (!config->model.image_size)
    config->model.image_size =
        pictures ? SIDE_OF_PICTURES : dla_side_that_fits(train->height, train->width);
  if (config->augment.crop == DLA_CROP_CHOICE_AUTO)
    config->augment.crop = pictures ? DLA_CROP_CHOICE_RESIZED : DLA_CROP_CHOICE_PADDED;
  if (config->augment.normalize == DLA_NORMALIZE_AUTO)
    config->augment.normalize = pictures ? DLA_NORMALIZE_IMAGENET : DLA_NORMALIZE_CIFAR10;
  if (!config->model.classes) config->model.classes = train->classes > 1 ? train->classes : 2;
  if (config->eval.tta == DLA_TTA_MULTI_CROP && config->augment.crop == DLA_CROP_CHOICE_RESIZED)
    return dla_fail(err, DLA_E_INPUT, "eval.tta", "use eval.tta=mirror",
                    "multi_crop shifts images by a pixel, as augment.crop: padded does, but the "
                    "network is trained with crop: resized");
  if (train->classes <= config->model.classes) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, dla_experiment_place(config),
                  "leave model.classes out, or set it to that",
                  "the dataset has %d classes, but model.classes is %lld", train->classes,
                  (long long)config->model.classes);
}

const char *dla_experiment_place(const dla_config *config)
{
  return config->dataset.train[0] ? config->dataset.train : config->dataset.path;
}

/* The size of cached pictures is needed before the kind of data set is known. */
static int cache_side(const dla_config *config)
{
  dla_config pictures = *config;
  if (!pictures.model.image_size) pictures.model.image_size = SIDE_OF_PICTURES;
  if (pictures.augment.crop == DLA_CROP_CHOICE_AUTO)
    pictures.augment.crop = DLA_CROP_CHOICE_RESIZED;
  return dla_experiment_resize(&pictures);
}

dla_dataset_options dla_experiment_dataset(const dla_config *config,
                                           const dla_experiment_watch *watch)
{
  dla_dataset_options options = {
      .train_limit = (size_t)config->dataset.train_limit,
      .test_limit = (size_t)config->dataset.test_limit,
      .classes = config->model.classes,
      .coarse = config->dataset.labels == DLA_LABELS_COARSE,
      .pictures = {.train = config->dataset.train,
                   .val = config->dataset.val,
                   .file_names = config->dataset.class_from == DLA_CLASS_FROM_FILE_NAME,
                   .val_fraction = config->dataset.val_fraction,
                   .seed = (uint64_t)config->train.seed,
                   .strict = config->dataset.strict,
                   .max_pixels = config->dataset.max_pixels,
                   .cache = config->dataset.cache,
                   .cache_path = config->dataset.cache_path,
                   .cache_side = cache_side(config)},
  };
  if (watch) {
    options.pictures.progress = watch->progress;
    options.pictures.stop = watch->stop;
    options.pictures.context = watch->context;
  }
  return options;
}

/* Pictures to evaluate a checkpoint on get its classes. */
static dla_status take_classes(const dla_config *config, const dla_checkpoint *checkpoint,
                               dla_pictures_options *pictures, char ***names, dla_error *err)
{
  *names = NULL;
  if (!config->dataset.only_test || !checkpoint) return DLA_OK;
  dla_status status = dla_self_read_classes(checkpoint, config->model.classes, names, err);
  pictures->class_names = *names;
  pictures->classes = *names ? (int)config->model.classes : 0;
  return status;
}

static dla_status load_images(dla_config *config, const dla_checkpoint *checkpoint,
                              const dla_experiment_watch *watch, dla_experiment *x, dla_error *err)
{
  char **names;
  dla_dataset_options options = dla_experiment_dataset(config, watch);
  dla_status status = take_classes(config, checkpoint, &options.pictures, &names, err);
  if (!status)
    status = dla_dataset_load(dla_experiment_place(config), &options, &x->train, &x->test, err);
  dla_free_texts(names, (size_t)options.pictures.classes);
  if (!status && config->dataset.only_test && x->test->read && !options.pictures.class_names)
    return dla_fail(err, DLA_E_INPUT, "checkpoint.in",
                    "give the pictures that it was trained on: eval checkpoint.in=FILE "
                    "dataset.path=FOLDER",
                    "it does not say what its classes are called");
  return status ? status : settle(config, x->train, err);
}

dla_status dla_experiment_create_loaders(dla_config *config, dla_dist *dist,
                                         const dla_experiment_watch *watch, dla_experiment *x,
                                         dla_error *err)
{
  *x = (dla_experiment){.dist = dist, .threads = dla_experiment_threads(config, dist)};
  dla_status status = load_images(config, NULL, watch, x, err);
  if (!status) status = make_loaders(config, true, false, x, err);
  if (status) dla_experiment_free(x);
  return status;
}

/* All steps of an epoch must have the same number of images, also after a resume. */
static dla_status check_position(const dla_config *config, const dla_train_state *state,
                                 const dla_dist *dist, dla_error *err)
{
  int64_t batch = dla_experiment_batch(config, dist);
  if (!config->train.batch_per_rank || state->batch == 0 || state->epoch_samples == 0 ||
      state->epoch_samples == state->batch * batch)
    return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, "train.batch_per_rank",
                  "go on with as many ranks, or from a checkpoint of an epoch's end",
                  "%lld images a step in the checkpoint's epoch, %lld now: it cannot change in the "
                  "middle of an epoch",
                  (long long)(state->epoch_samples / state->batch), (long long)batch);
}

/* The fewest images that a batch norm sees in a batch, or in a part of it. A rank without images
 * computes on a stand-in, which does not count. */
static int64_t fewest_together(const dla_config *config, const dla_dist *dist, int64_t batch)
{
  const int ranks = dla_dist_size(dist);
  const int parts = dla_parts_of((size_t)batch, ranks, (int)config->train.accumulate);
  size_t fewest = (size_t)batch;
  for (int part = 0; part < parts; part++) {
    size_t together = 0;
    for (int rank = 0; rank < ranks; rank++) {
      size_t count =
          dla_share_of(dla_share_of((size_t)batch, rank, ranks).count, part, parts).count;
      if (!config->train.sync_bn && count > 0 && count < fewest) fewest = count;
      together += count;
    }
    if (together < fewest) fewest = together;
  }
  return (int64_t)fewest;
}

/* Checks before the first step, also for the last batch of an epoch. */
static dla_status check_batch_norms(const dla_config *config, const dla_experiment *x,
                                    dla_error *err)
{
  int64_t images = (int64_t)x->train->count, batch = dla_experiment_batch(config, x->dist);
  int64_t whole = images < batch ? images : batch, rest = images % batch;
  dla_status status =
      dla_network_check_batch(x->network, fewest_together(config, x->dist, whole), err);
  if (status || rest == 0) return status;
  return dla_network_check_batch(x->network, fewest_together(config, x->dist, rest), err);
}

dla_status dla_experiment_create(dla_config *config, bool training, dla_checkpoint *checkpoint,
                                 const char *where, dla_dist *dist,
                                 const dla_experiment_watch *watch, dla_experiment *x,
                                 dla_error *err)
{
  *x = (dla_experiment){.dist = dist, .threads = dla_experiment_threads(config, dist)};
  if (checkpoint) x->state = *dla_checkpoint_state(checkpoint);
  x->state.seed = (uint64_t)config->train.seed;
  if (!dla_experiment_place(config)[0])
    return dla_fail(err, DLA_E_INPUT, "dataset.path",
                    "give dataset.path=FOLDER_OR_ARCHIVE, or --dataset=FOLDER",
                    "no dataset is configured");
  dla_status status = load_images(config, checkpoint, watch, x, err);
  if (!status && training) status = check_position(config, &x->state, dist, err);
  if (!status)
    status = dla_experiment_network(config, training, checkpoint, dist, &x->network, err);
  if (!status && training) status = check_batch_norms(config, x, err);
  if (!status && checkpoint) status = dla_checkpoint_restore(checkpoint, where, x->network, err);
  x->normalized = checkpoint && dla_self_read_normalization(checkpoint, config->model.in_channels,
                                                            &x->normalization);
  if (!status) status = make_loaders(config, training, !checkpoint, x, err);
  if (status) dla_experiment_free(x);
  return status;
}

/* Prepares the program for this rank's share of a batch. */
static dla_status prepare_share(const dla_experiment *x, dla_mode mode, int64_t batch,
                                dla_error *err)
{
  dla_share share = dla_share_of((size_t)batch, dla_dist_rank(x->dist), dla_dist_size(x->dist));
  return dla_network_prepare(x->network, mode, share.count ? (int64_t)share.count : 1, NULL, err);
}

/* Prepares the programs for a split: full batches, and a smaller one at the end. */
static dla_status prepare_split(const dla_experiment *x, dla_mode mode, size_t images,
                                int64_t batch, dla_error *err)
{
  int64_t whole = (int64_t)images / batch, rest = (int64_t)images % batch;
  TRY(whole ? prepare_share(x, mode, batch, err) : DLA_OK);
  return rest ? prepare_share(x, mode, rest, err) : DLA_OK;
}

/* For every size that growing images have. */
static dla_status prepare_training(const dla_config *config, const dla_experiment *x,
                                   dla_error *err)
{
  const int64_t batch = dla_experiment_batch(config, x->dist);
  const int smaller = dla_progressive_size_count(config);
  dla_status status = DLA_OK;
  for (int i = 0; i <= smaller && !status; i++) {
    const int64_t side =
        i < smaller ? dla_progressive_size_at(config, i) : config->model.image_size;
    status = dla_network_resize_steps(x->network, side, err);
    if (!status) status = prepare_split(x, DLA_MODE_TRAINING, x->train->count, batch, err);
  }
  return status;
}

dla_status dla_experiment_prepare(const dla_config *config, dla_experiment *x, dla_error *err)
{
  dla_status status = DLA_OK;
  if (x->train_loader) status = prepare_training(config, x, err);
  if (!status)
    status =
        prepare_split(x, DLA_MODE_INFERENCE, x->test->count, config->train.test_batch_size, err);
  return status;
}

void dla_experiment_free(dla_experiment *x)
{
  dla_loader_free(x->train_loader);
  dla_loader_free(x->test_loader);
  dla_network_free(x->network);
  dla_dataset_free(x->train);
  dla_dataset_free(x->test);
  *x = (dla_experiment){0};
}
