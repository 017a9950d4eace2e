/* mixup and CutMix: the shares, the batches, and the loss of mixed labels by PyTorch's numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <math.h>

#include <cmocka.h>

#include "augment/mix.h"
#include "dla/loader.h"
#include "kernels/kernels.h"

/* Images of 1 x 9 x 6, each filled with its own number, which is also its label. */
enum { COUNT = 47, HEIGHT = 9, WIDTH = 6, PIXELS = HEIGHT * WIDTH, BATCH = 10, BATCHES = 5 };

static uint8_t images[COUNT][PIXELS];
static int32_t labels[COUNT];
static const dla_dataset dataset = {
    .count = COUNT,
    .channels = 1,
    .height = HEIGHT,
    .width = WIDTH,
    .classes = COUNT,
    .images = images[0],
    .labels = labels,
};

static int fill_dataset(void **state)
{
  (void)state;
  for (int i = 0; i < COUNT; i++) {
    memset(images[i], i + 1, PIXELS);
    labels[i] = i;
  }
  return 0;
}

static dla_loader *new_loader(double mixup, double cutmix, int workers, int rank, int ranks)
{
  const dla_loader_options options = {
      .channels = 1,
      .height = HEIGHT,
      .width = WIDTH,
      .batch_size = BATCH,
      .seed = 4,
      .shuffle = true,
      .mixup = mixup,
      .cutmix = cutmix,
      .std = {1},
      .workers = workers,
      .rank = rank,
      .ranks = ranks,
  };
  dla_loader *loader = NULL;
  assert_int_equal(dla_loader_create(&dataset, &options, &loader, NULL), DLA_OK);
  return loader;
}

static void next(dla_loader *loader, dla_batch *batch)
{
  dla_error err = {0};
  if (dla_loader_next(loader, batch, &err)) fail_msg("%s", err.what);
}

/* torchvision's MixUp: batch * lambda + batch.roll(1, 0) * (1 - lambda). */
static void check_mixup(const dla_batch *mixed, const dla_batch *plain)
{
  const float own = (float)mixed->lambda, rest = 1 - own;
  for (size_t i = 0; i < plain->count; i++)
    for (size_t p = 0; p < PIXELS; p++) {
      const float a = plain->images[i * PIXELS + p];
      const float b = plain->images[(i + plain->count - 1) % plain->count * PIXELS + p];
      assert_true(fabsf(mixed->images[i * PIXELS + p] - (a * own + b * rest)) < 1e-7f);
    }
}

/* CutMix: a rectangle, the same of all images, is batch.roll(1, 0)'s, and what is left of the area
 * is lambda. */
static void check_cutmix(const dla_batch *mixed, const dla_batch *plain)
{
  for (size_t i = 0; i < plain->count; i++) {
    const float a = plain->images[i * PIXELS];
    const float b = plain->images[(i + plain->count - 1) % plain->count * PIXELS];
    int top = HEIGHT, left = WIDTH, bottom = 0, right = 0, others = 0;
    for (int p = 0; p < PIXELS; p++) {
      const float pixel = mixed->images[i * PIXELS + (size_t)p];
      const int y = p / WIDTH, x = p % WIDTH;
      assert_true(pixel == a || pixel == b);
      if (pixel == a) continue;
      others++;
      top = y < top ? y : top;
      left = x < left ? x : left;
      bottom = y + 1 > bottom ? y + 1 : bottom;
      right = x + 1 > right ? x + 1 : right;
    }
    assert_int_equal(others, others ? (bottom - top) * (right - left) : 0);
    assert_true(fabs(mixed->lambda - (1 - (double)others / PIXELS)) < 1e-12);
  }
}

static void check_batches(double mixup, double cutmix)
{
  dla_loader *one = new_loader(0, 0, 1, 0, 1), *other = new_loader(mixup, cutmix, 1, 0, 1);
  for (uint64_t epoch = 0; epoch < 20; epoch++) {
    dla_loader_start(one, epoch, 0);
    dla_loader_start(other, epoch, 0);
    for (int k = 0; k < BATCHES; k++) {
      dla_batch plain, mixed;
      next(one, &plain);
      next(other, &mixed);
      assert_null(plain.partners);
      assert_int_equal(mixed.count, plain.count);
      assert_memory_equal(mixed.labels, plain.labels, plain.count * sizeof *plain.labels);
      for (size_t i = 0; i < plain.count; i++)
        assert_int_equal(mixed.partners[i], plain.labels[(i + plain.count - 1) % plain.count]);
      if (mixup > 0)
        check_mixup(&mixed, &plain);
      else
        check_cutmix(&mixed, &plain);
    }
  }
  dla_loader_free(one);
  dla_loader_free(other);
}

static void batches_are_torchvisions(void **state)
{
  (void)state;
  check_batches(0.4, 0);
  check_batches(0, 1);
}

/* Of any number of ranks, laid side by side, with any number of workers, from any batch on. */
static void ranks_and_workers_mix_the_same(void **state)
{
  (void)state;
  enum { MOST = 4, EPOCH = 2 };
  for (int ranks = 1; ranks <= MOST; ranks++) {
    const size_t first = (size_t)ranks - 1;
    dla_loader *one = new_loader(0.4, 1, 1, 0, 1), *loader[MOST];
    dla_loader_start(one, EPOCH, first);
    for (int r = 0; r < ranks; r++) {
      loader[r] = new_loader(0.4, 1, 1 + r, r, ranks);
      dla_loader_start(loader[r], EPOCH, 0);
    }
    for (size_t k = 0; k < BATCHES; k++) {
      dla_batch whole = {0}, share;
      size_t done = 0;
      if (k >= first) next(one, &whole);
      for (int r = 0; r < ranks; r++) {
        next(loader[r], &share);
        if (!share.counts || k < first) continue;
        assert_memory_equal(share.images, whole.images + done * PIXELS,
                            share.count * PIXELS * sizeof(float));
        assert_memory_equal(share.labels, whole.labels + done, share.count * sizeof(int32_t));
        assert_memory_equal(share.partners, whole.partners + done, share.count * sizeof(int32_t));
        assert_true(share.lambda == whole.lambda);
        done += share.count;
      }
      assert_int_equal(done, whole.count);
    }
    for (int r = 0; r < ranks; r++)
      dla_loader_free(loader[r]);
    dla_loader_free(one);
  }
}

static void one_of_both_is_chosen_evenly(void **state)
{
  (void)state;
  int cut = 0;
  for (uint32_t i = 0; i < 4000; i++) {
    dla_random random = dla_random_at(1, DLA_RANDOM_MIX, 0, i);
    cut += dla_draw_mix(0.2, 1, &random, HEIGHT, WIDTH).cut;
  }
  assert_in_range(cut, 2000 - 127, 2000 + 127); /* four standard deviations */
}

/* Beta(a, a) has the mean 1/2 and the variance 1 / (4 (2a + 1)); with a of 1 it is uniform. */
static void shares_are_betas(void **state)
{
  (void)state;
  enum { DRAWS = 20000, BINS = 10 };
  static const double alphas[] = {0.001, 0.2, 1, 3.5};
  for (size_t k = 0; k < sizeof alphas / sizeof *alphas; k++) {
    const double a = alphas[k], variance = 1 / (4 * (2 * a + 1));
    double sum = 0, squares = 0, chi_square = 0;
    int bin[BINS] = {0};
    for (uint32_t i = 0; i < DRAWS; i++) {
      dla_random random = dla_random_at(7, DLA_RANDOM_MIX, 0, i);
      const double x = dla_random_beta(&random, a);
      assert_true(x >= 0 && x <= 1);
      sum += x - 0.5;
      squares += (x - 0.5) * (x - 0.5);
      bin[x < 1 ? (int)(x * BINS) : BINS - 1]++;
    }
    assert_true(fabs(sum / DRAWS) < 4 * sqrt(variance / DRAWS));
    assert_true(fabs(squares / DRAWS - variance) < 0.02 * variance);
    for (int i = 0; i < BINS; i++)
      chi_square += pow(bin[i] - DRAWS / BINS, 2) / (DRAWS / BINS);
    if (a == 1) assert_true(chi_square < 27.9); /* 9 degrees of freedom, p = 0.001 */
  }
}

/* torch.nn.CrossEntropyLoss(label_smoothing) of PyTorch 1.13 in double, on targets of 0.3
 * one_hot(own)
 * + 0.7 one_hot(partners). */
static void the_loss_is_pytorchs(void **state)
{
  (void)state;
  enum { ROWS = 4, CLASSES = 5 };
  static const float logits[ROWS * CLASSES] = {
      1.5f, -0.25f, 0, 2, -3, 0.5f, 0.5f, -1, 4, 0.125f, -2, 1, 3, -0.5f, 0.75f, 0, 0, 0, 0, 0};
  static const int32_t own[ROWS] = {0, 3, 2, 4}, partners[ROWS] = {4, 0, 2, 1};
  static const struct {
    double smoothing, loss, gradient[ROWS * CLASSES];
  } cases[] = {
      {0, 2.164015092444126, {0.00678663,  0.01421239, 0.01824906, 0.13484335, -0.17409143,
                              -0.16806054, 0.00693946, 0.0015484,  0.15480327, 0.00476941,
                              0.00131841,  0.02648088, -0.0543313, 0.00590868, 0.02062333,
                              0.05,        -0.125,     0.05,       0.05,       -0.025}},
      {0.2, 2.2427650924441265, {0.01178663,  0.00421239,  0.00824906, 0.12484335,  -0.14909143,
                                 -0.14306054, -0.00306054, -0.0084516, 0.15980327,  -0.00523059,
                                 -0.00868159, 0.01648088,  -0.0143313, -0.00409132, 0.01062333,
                                 0.04,        -0.1,        0.04,       0.04,        -0.02}},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    const dla_targets targets = {.labels = own,
                                 .partners = partners,
                                 .lambda = 0.3,
                                 .batch = ROWS,
                                 .classes = CLASSES,
                                 .smoothing = cases[k].smoothing};
    float loss[2], gradient[ROWS * CLASSES];
    dla_softmax_cross_entropy(logits, &targets, loss);
    dla_softmax_cross_entropy_backward(logits, &targets, ROWS, gradient);
    assert_true(fabs(loss[0] - cases[k].loss) < 1e-6);
    assert_true(loss[1] == 2); /* by the own label: the second and the third */
    for (int i = 0; i < ROWS * CLASSES; i++)
      assert_true(fabs(gradient[i] - cases[k].gradient[i]) < 5e-8);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(batches_are_torchvisions),
      cmocka_unit_test(ranks_and_workers_mix_the_same),
      cmocka_unit_test(one_of_both_is_chosen_evenly),
      cmocka_unit_test(shares_are_betas),
      cmocka_unit_test(the_loss_is_pytorchs),
  };
  return cmocka_run_group_tests(tests, fill_dataset, NULL);
}
