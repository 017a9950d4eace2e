/* go_on FROM TO OPTIMIZER GROUPS FREEZE: trains SimpleDLA of checkpoint FROM for one of make.py's
 * steps, step 3, and saves it. Prints the logits of make.py's test images before and afterwards.
 * For go_on.py. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dla/checkpoint.h"
#include "dla/update_rule.h"
#include "fixed.h"
#include "model/models.h"

enum { IMAGES = 8, CLASSES = 10, PIXELS = 3 * 32 * 32, STEPS = 1 };

typedef struct settings {
  const dla_optimizer *optimizer;
  const char *groups, *freeze; /* dla_network_options' */
} settings;

static dla_status make_network(const settings *s, dla_network **network, dla_error *err)
{
  dla_graph *graph = NULL;
  const dla_shape image = DLA_SHAPE3(3, 32, 32);
  const dla_network_options options = {
      .threads = 1,
      .training = true,
      .batch = IMAGES,
      .convolution = DLA_CONVOLUTION_DIRECT, /* rounds as PyTorch's does */
      .optimizer = s->optimizer,
      .groups = s->groups,
      .no_decay = *s->groups ? DLA_NO_DECAY_NORM_AND_BIAS : DLA_NO_DECAY_NONE,
      .freeze = s->freeze,
  };
  dla_status status = dla_model_create(
      "simple_dla", &image, &(dla_model_options){.classes = CLASSES, .width = 1}, &graph, err);
  return status ? status : dla_network_create(graph, &options, network, err);
}

static dla_status print_logits(dla_network *network, float *images, dla_error *err)
{
  float logits[IMAGES * CLASSES];
  const int32_t labels[IMAGES] = {0};
  dla_result result;
  fixed_images("test", images, IMAGES);
  dla_status status = dla_network_evaluate(network, images, labels, IMAGES, logits, &result, err);
  for (int i = 0; i < IMAGES * CLASSES && !status; i++)
    printf("%.9g\n", (double)logits[i]);
  return status;
}

/* By the rule's names: what go_on.py gives torch.optim. */
static dla_update_numbers numbers_of(const dla_optimizer *optimizer)
{
  static const struct {
    const char *name;
    double value;
  } given[] = {{"lr", 1e-4}, {"momentum", 0.9}, {"weight_decay", 0.05}};
  dla_update_numbers numbers = {.step = 0};
  for (int i = 0; i < dla_optimizer_number_count(optimizer); i++) {
    numbers.value[i] = optimizer->number[i].initial;
    for (size_t k = 0; k < sizeof given / sizeof *given; k++)
      if (strcmp(optimizer->number[i].name, given[k].name) == 0) numbers.value[i] = given[k].value;
  }
  return numbers;
}

static dla_status train(dla_network *network, dla_train_state *state, float *images, dla_error *err)
{
  dla_status status = DLA_OK;
  state->update = numbers_of(dla_network_optimizer(network));
  for (int i = 0; i < STEPS && !status; i++, state->step++) {
    int32_t labels[IMAGES];
    dla_result result;
    fixed_batch((int)state->step, images, labels, IMAGES);
    state->update.step = state->step + 1;
    status = dla_network_train(network, images, labels, IMAGES, &state->update, &result, err);
  }
  return status;
}

static dla_status go_on(const char *from, const char *to, const settings *s, float *images,
                        dla_error *err)
{
  dla_network *network = NULL;
  dla_checkpoint *checkpoint = NULL;
  dla_train_state state = {0};
  dla_status status = make_network(s, &network, err);
  if (!status) status = dla_checkpoint_read(from, "", &checkpoint, err);
  if (!status) state = *dla_checkpoint_state(checkpoint);
  if (!status) status = dla_checkpoint_restore(checkpoint, from, network, err);
  if (!status) status = print_logits(network, images, err);
  if (!status) status = train(network, &state, images, err);
  if (!status) status = print_logits(network, images, err);
  dla_checkpoint_free(checkpoint);
  checkpoint = NULL;
  if (!status) status = dla_checkpoint_capture(network, &state, &checkpoint, err);
  if (!status) status = dla_checkpoint_write(checkpoint, to, err);
  dla_checkpoint_free(checkpoint);
  dla_network_free(network);
  return status;
}

int main(int argc, char **argv)
{
  dla_error err = {0};
  float *images = malloc(IMAGES * PIXELS * sizeof *images);
  if (argc != 6 || !images) return 1;
  const settings s = {dla_optimizer_find(argv[3]), argv[4], argv[5]};
  dla_status status = go_on(argv[1], argv[2], &s, images, &err);
  if (status) fprintf(stderr, "%s: %s\n", err.where, err.what);
  free(images);
  return dla_exit_status(status);
}
