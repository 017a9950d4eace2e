#include "train/experiment.h"

#include "base/cpu.h"
#include "model/models.h"
#include "train/tuning_cache.h"

/* Of CIFAR-10's training images; the PyTorch program normalises with these. */
static const float cifar10_mean[] = {0.4914f, 0.4822f, 0.4465f};
static const float cifar10_std[] = {0.2023f, 0.1994f, 0.2010f};

static void set_normalisation(const dla_config *config, const dla_dataset *train,
                              dla_loader_options *options)
{
  float mean[4] = {0}, std[4] = {1, 1, 1, 1};
  if (config->augment.normalize == DLA_NORMALIZE_DATASET) dla_dataset_statistics(train, mean, std);
  for (int c = 0; c < options->channels; c++) {
    /* A grey image is the same on every channel. */
    int from = train->channels == 1 ? 0 : c;
    options->mean[c] = mean[from];
    options->std[c] = std[from];
    if (config->augment.normalize == DLA_NORMALIZE_CIFAR10) {
      options->mean[c] = cifar10_mean[c % 3];
      options->std[c] = cifar10_std[c % 3];
    }
  }
}

static dla_status make_loaders(const dla_config *config, bool training, dla_experiment *x,
                               dla_error *err)
{
  dla_loader_options options = {
      .channels = (int)config->model.in_channels,
      .height = DLA_IMAGE_SIZE,
      .width = DLA_IMAGE_SIZE,
      .batch_size = (size_t)config->train.test_batch_size,
      .seed = (uint64_t)config->train.seed,
  };
  set_normalisation(config, x->train, &options);
  dla_status status = dla_loader_create(x->test, &options, &x->test_loader, err);
  if (status || !training) return status;
  options.batch_size = (size_t)config->train.batch_size;
  options.shuffle = true;
  options.crop_padding = (int)config->augment.crop_padding;
  options.flip = config->augment.flip;
  return dla_loader_create(x->train, &options, &x->train_loader, err);
}

dla_status dla_experiment_graph(const dla_config *config, dla_graph **graph, dla_error *err)
{
  dla_shape image = DLA_SHAPE3(config->model.in_channels, DLA_IMAGE_SIZE, DLA_IMAGE_SIZE);
  if (config->model.graph[0])
    return dla_graph_file_read(config->model.graph, &image, config->model.classes, graph, err);
  return dla_model_create(config->model.name, &image, config->model.classes, graph, err);
}

/* What is known of the fastest implementations: the cache's, and over it the checkpoint's, whose
 * run goes on with what it began with. */
static dla_status known_tuning(const dla_config *config, const dla_checkpoint *checkpoint,
                               dla_strbuf *tuning, dla_error *err)
{
  const char *kept = checkpoint ? dla_checkpoint_text(checkpoint, "tuning") : NULL;
  dla_status status = dla_tuning_cache_read(config, tuning, err);
  if (!status && kept) dla_strbuf_printf(tuning, "%s", kept);
  return status ? status : tuning->failed ? dla_fail_memory(err, "the tuning") : DLA_OK;
}

static dla_status make_network(const dla_config *config, bool training,
                               const dla_checkpoint *checkpoint, dla_network **network,
                               dla_error *err)
{
  dla_graph *graph = NULL;
  dla_status status = dla_experiment_graph(config, &graph, err);
  if (status) return status;
  dla_strbuf tuning = {0};
  status = known_tuning(config, checkpoint, &tuning, err);
  const dla_network_options options = {
      .backend = config->backend.name,
      .threads = dla_cpu_threads((int)config->train.threads),
      .batch = training ? config->train.batch_size : config->train.test_batch_size,
      .training = training,
      .recompute = config->train.recompute,
      .convolution = config->backend.convolution,
      .tuning = config->backend.autotune == DLA_AUTOTUNE_OFF ? NULL : dla_strbuf_text(&tuning),
  };
  dla_network *made = NULL;
  if (!status)
    status = dla_network_create(graph, &options, &made, err);
  else
    dla_graph_free(graph);
  dla_strbuf_free(&tuning);
  if (!status) status = dla_network_initialise(made, (uint64_t)config->train.seed, err);
  if (status)
    dla_network_free(made);
  else
    *network = made;
  return status;
}

dla_status dla_experiment_network(const dla_config *config, bool training, dla_network **network,
                                  dla_error *err)
{
  return make_network(config, training, NULL, network, err);
}

static dla_status check_classes(const dla_config *config, const dla_dataset *train, dla_error *err)
{
  if (train->classes <= config->model.classes) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, config->dataset.path, "set model.classes to that",
                  "the dataset has %d classes, but model.classes is %lld", train->classes,
                  (long long)config->model.classes);
}

dla_status dla_experiment_create(const dla_config *config, bool training,
                                 const dla_checkpoint *checkpoint, const char *where,
                                 dla_experiment *x, dla_error *err)
{
  *x = (dla_experiment){.threads = dla_cpu_threads((int)config->train.threads)};
  if (checkpoint) x->state = *dla_checkpoint_state(checkpoint);
  x->state.seed = (uint64_t)config->train.seed;
  if (!config->dataset.path[0])
    return dla_fail(err, DLA_E_INPUT, "dataset.path",
                    "give dataset.path=FOLDER_OR_ARCHIVE, or --dataset=FOLDER",
                    "no dataset is configured");
  dla_status status =
      dla_dataset_load(config->dataset.path, (size_t)config->dataset.train_limit,
                       (size_t)config->dataset.test_limit, &x->train, &x->test, err);
  if (!status) status = check_classes(config, x->train, err);
  if (!status) status = make_network(config, training, checkpoint, &x->network, err);
  if (!status && checkpoint) status = dla_checkpoint_restore(checkpoint, where, x->network, err);
  if (!status) status = make_loaders(config, training, x, err);
  if (status) dla_experiment_free(x);
  return status;
}

/* The batches of a split: whole ones, and perhaps a smaller one at its end. */
static dla_status prepare_split(dla_network *network, dla_mode mode, size_t images, int64_t batch,
                                dla_error *err)
{
  int64_t whole = (int64_t)images / batch, rest = (int64_t)images % batch;
  dla_status status = whole ? dla_network_prepare(network, mode, batch, NULL, err) : DLA_OK;
  if (!status && rest) status = dla_network_prepare(network, mode, rest, NULL, err);
  return status;
}

dla_status dla_experiment_prepare(const dla_config *config, dla_experiment *x, dla_error *err)
{
  dla_status status = DLA_OK;
  if (x->train_loader)
    status = prepare_split(x->network, DLA_MODE_TRAINING, x->train->count, config->train.batch_size,
                           err);
  if (!status)
    status = prepare_split(x->network, DLA_MODE_INFERENCE, x->test->count,
                           config->train.test_batch_size, err);
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
