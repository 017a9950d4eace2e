/* A program of its own that trains and predicts with libdla:
 *
 *     cc embed.c $(pkg-config --cflags --libs libdla) -o embed
 *     ./embed /usr/share/datasets/fashion-mnist
 *
 * It trains a small network for an epoch, says how good it is and what it takes the first test image
 * for, and writes a checkpoint that dla-train and PyTorch read. */
#include <stdio.h>
#include <stdlib.h>

#include <dla/checkpoint.h>
#include <dla/loader.h>
#include <dla/models.h>
#include <dla/network.h>

enum { SIDE = 32, BATCH = 64, CLASSES = 10 };

static void must(dla_status status, const dla_error *err)
{
  if (!status) return;
  fprintf(stderr, "embed: %s: %s\n", err->where, err->what);
  exit(1);
}

static dla_network *make_network(void)
{
  dla_error err = {0};
  dla_graph *graph;
  dla_network *net;
  const dla_shape image = DLA_SHAPE3(3, SIDE, SIDE);
  const dla_model_options model = {.classes = CLASSES, .width = 0.1};
  const dla_network_options options = {.threads = 2, .batch = BATCH, .training = true};
  must(dla_model_create("simple_dla", &image, &model, &graph, &err), &err);
  must(dla_network_create(graph, &options, &net, &err), &err);
  must(dla_network_initialise(net, 1, &err), &err);
  return net;
}

static void train(dla_network *net, dla_loader *loader, dla_update_numbers *numbers)
{
  dla_error err = {0};
  dla_batch b;
  dla_result result;
  dla_loader_start(loader, 0, 0);
  for (must(dla_loader_next(loader, &b, &err), &err); b.count;
       must(dla_loader_next(loader, &b, &err), &err)) {
    numbers->step++;
    must(dla_network_train(net, b.images, b.labels, (int64_t)b.count, numbers, &result, &err), &err);
  }
}

/* How many are right; *first: what the first image is taken for. */
static int64_t test(dla_network *net, dla_loader *loader, int *first)
{
  dla_error err = {0};
  dla_batch b;
  dla_result result;
  float logits[BATCH * CLASSES];
  int64_t correct = 0;
  *first = -1;
  dla_loader_start(loader, 0, 0);
  for (must(dla_loader_next(loader, &b, &err), &err); b.count;
       must(dla_loader_next(loader, &b, &err), &err)) {
    must(dla_network_evaluate(net, b.images, b.labels, (int64_t)b.count, logits, &result, &err),
         &err);
    correct += result.correct;
    if (*first >= 0) continue;
    *first = 0;
    for (int c = 1; c < CLASSES; c++)
      if (logits[c] > logits[*first]) *first = c;
  }
  return correct;
}

int main(int argc, char **argv)
{
  dla_error err = {0};
  dla_dataset *images, *others;
  const dla_dataset_options limits = {.train_limit = 2000, .test_limit = 500};
  must(dla_dataset_load(argc > 1 ? argv[1] : ".", &limits, &images, &others, &err), &err);
  dla_network *net = make_network();

  dla_loader *loader, *test_loader;
  dla_loader_options options = {.channels = 3, .height = SIDE, .width = SIDE, .batch_size = BATCH};
  for (int c = 0; c < 3; c++)
    options.mean[c] = options.std[c] = 0.5f;
  must(dla_loader_create(others, &options, &test_loader, &err), &err);
  options.shuffle = true;
  must(dla_loader_create(images, &options, &loader, &err), &err);

  const dla_optimizer *sgd = dla_optimizer_find("sgd");
  dla_update_numbers numbers = {.value = {0.05}};
  numbers.value[dla_optimizer_number_find(sgd, "momentum")] = 0.9;
  int first;
  train(net, loader, &numbers);
  const int64_t correct = test(net, test_loader, &first);
  printf("test accuracy %.1f %%; the first image is taken for class %d, and is %d\n",
         100.0 * (double)correct / (double)others->count, first, (int)others->labels[0]);

  dla_checkpoint *checkpoint;
  const dla_train_state state = {.epoch = 1, .step = numbers.step, .seed = 1, .update = numbers};
  must(dla_checkpoint_capture(net, &state, &checkpoint, &err), &err);
  must(dla_checkpoint_write(checkpoint, "embed.safetensors", &err), &err);
  dla_checkpoint_free(checkpoint);
  dla_loader_free(loader);
  dla_loader_free(test_loader);
  dla_network_free(net);
  dla_dataset_free(images);
  dla_dataset_free(others);
  return 0;
}
