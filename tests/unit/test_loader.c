#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/sampler.h"
#include "dla/loader.h"

/* 23 images of 1 x 4 x 4, each filled with its own number, which is also its label. */
enum { COUNT = 23, SIDE = 4, PIXELS = SIDE * SIDE, BATCH = 5, BATCHES = 5 };

static uint8_t images[COUNT][PIXELS];
static int32_t labels[COUNT];
static const dla_dataset dataset = {
    .count = COUNT,
    .channels = 1,
    .height = SIDE,
    .width = SIDE,
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

/* The same pictures, each made when it is asked for. */
static _Atomic size_t broken = COUNT; /* cannot be made */

static dla_status decode(const dla_dataset *d, size_t index, dla_room *room, dla_picture *picture,
                         dla_error *err)
{
  uint8_t *pixels = dla_room_for(room, PIXELS);
  assert_non_null(pixels);
  if (index == broken) return dla_fail(err, DLA_E_INPUT, "bad.jpg", NULL, "it ends early");
  memset(pixels, (int)index + 1, PIXELS);
  *picture = (dla_picture){d->channels, d->height, d->width, pixels};
  return DLA_OK;
}

static const dla_dataset decoded = {
    .count = COUNT,
    .channels = 1,
    .height = SIDE,
    .width = SIDE,
    .classes = COUNT,
    .labels = labels,
    .decode = decode,
};

static void next(dla_loader *loader, dla_batch *batch)
{
  dla_error err = {0};
  if (dla_loader_next(loader, batch, &err)) fail_msg("%s", err.what);
}

static dla_loader *new_worker_loader(const dla_dataset *from, bool augmented, int workers, int rank,
                                     int ranks)
{
  dla_loader_options options = {
      .channels = 1,
      .height = SIDE,
      .width = SIDE,
      .batch_size = BATCH,
      .seed = 9,
      .shuffle = augmented,
      .crop_padding = augmented ? 1 : 0,
      .flip = augmented ? DLA_FLIP_RANDOM : DLA_FLIP_NONE,
      .mean = {0},
      .std = {1},
      .workers = workers,
      .rank = rank,
      .ranks = ranks,
  };
  dla_loader *loader = NULL;
  assert_int_equal(dla_loader_create(from, &options, &loader, NULL), DLA_OK);
  return loader;
}

static dla_loader *new_rank_loader(bool augmented, int rank, int ranks)
{
  return new_worker_loader(&dataset, augmented, 1, rank, ranks);
}

static dla_loader *new_loader(bool augmented)
{
  return new_rank_loader(augmented, 0, 1);
}

/* The rest of an epoch, as bytes; returns how many samples it has. */
typedef struct epoch_copy {
  float images[COUNT][PIXELS];
  int32_t labels[COUNT];
} epoch_copy;

static size_t read_epoch(dla_loader *loader, epoch_copy *copy)
{
  dla_batch batch;
  size_t count = 0;
  memset(copy, 0, sizeof *copy);
  for (next(loader, &batch); batch.count > 0; next(loader, &batch)) {
    assert_true(count + batch.count <= COUNT);
    memcpy(copy->images[count], batch.images, batch.count * sizeof *copy->images);
    memcpy(copy->labels + count, batch.labels, batch.count * sizeof *copy->labels);
    count += batch.count;
  }
  return count;
}

static void shuffle_is_a_permutation_of_seed_and_epoch(void **state)
{
  (void)state;
  enum { MANY = 1000 };
  uint32_t order[MANY], again[MANY], other[MANY];
  bool seen[MANY] = {false};
  dla_sampler_shuffle(order, MANY, 1, 2);
  dla_sampler_shuffle(again, MANY, 1, 2);
  assert_memory_equal(order, again, sizeof order);
  for (int i = 0; i < MANY; i++) {
    assert_true(order[i] < MANY && !seen[order[i]]);
    seen[order[i]] = true;
  }
  dla_sampler_shuffle(other, MANY, 1, 3);
  assert_memory_not_equal(order, other, sizeof order);
  dla_sampler_shuffle(other, MANY, 2, 2);
  assert_memory_not_equal(order, other, sizeof order);
}

/* Each of the six orders of three samples comes up as often. */
static void shuffle_is_even(void **state)
{
  (void)state;
  int seen[27] = {0};
  for (uint64_t epoch = 0; epoch < 6000; epoch++) {
    uint32_t order[3];
    dla_sampler_shuffle(order, 3, 5, epoch);
    seen[order[0] * 9 + order[1] * 3 + order[2]]++;
  }
  for (int i = 0; i < 27; i++)
    if (seen[i]) assert_in_range(seen[i], 870, 1130); /* 4.5 standard deviations */
}

static void batches_come_in_order(void **state)
{
  (void)state;
  dla_loader *loader = new_loader(false);
  dla_batch batch;
  assert_int_equal(dla_loader_batches(loader), BATCHES);
  dla_loader_start(loader, 0, 0);
  for (int b = 0; b < BATCHES; b++) {
    next(loader, &batch);
    assert_int_equal(batch.count, b < BATCHES - 1 ? BATCH : COUNT % BATCH);
    for (size_t i = 0; i < batch.count; i++) {
      int sample = b * BATCH + (int)i;
      assert_int_equal(batch.labels[i], sample);
      for (int p = 0; p < PIXELS; p++)
        assert_true(batch.images[i * PIXELS + (size_t)p] == (float)(sample + 1) / 255.0f);
    }
  }
  for (int i = 0; i < 3; i++) {
    next(loader, &batch);
    assert_int_equal(batch.count, 0);
  }
  dla_loader_free(loader);
}

static void shuffled_epoch_visits_all_once(void **state)
{
  (void)state;
  static epoch_copy copy;
  uint32_t order[COUNT];
  dla_loader *loader = new_loader(true);
  for (uint64_t epoch = 0; epoch < 3; epoch++) {
    dla_loader_start(loader, epoch, 0);
    assert_int_equal(read_epoch(loader, &copy), COUNT);
    dla_sampler_shuffle(order, COUNT, 9, epoch);
    for (int i = 0; i < COUNT; i++)
      assert_int_equal(copy.labels[i], order[i]);
  }
  dla_loader_free(loader);
}

static void resuming_gives_the_same_bytes(void **state)
{
  (void)state;
  static epoch_copy whole, rest;
  dla_loader *loader = new_loader(true);
  dla_loader_start(loader, 4, 0);
  assert_int_equal(read_epoch(loader, &whole), COUNT);
  dla_loader_free(loader);
  for (size_t first = 0; first <= BATCHES + 1; first++) {
    size_t skipped = first * BATCH < COUNT ? first * BATCH : COUNT;
    loader = new_loader(true);
    dla_loader_start(loader, 4, first);
    assert_int_equal(read_epoch(loader, &rest), COUNT - skipped);
    assert_memory_equal(rest.images, whole.images + skipped,
                        (COUNT - skipped) * sizeof *rest.images);
    assert_memory_equal(rest.labels, whole.labels + skipped,
                        (COUNT - skipped) * sizeof *rest.labels);
    dla_loader_free(loader);
  }
}

/* From memory with one worker, or decoded by any number of them. */
static void any_number_of_workers_gives_the_same_bytes(void **state)
{
  (void)state;
  static epoch_copy expected, copy;
  dla_loader *loader = new_loader(true);
  dla_loader_start(loader, 4, 1);
  size_t count = read_epoch(loader, &expected);
  dla_loader_free(loader);
  for (int workers = 1; workers <= 7; workers++) {
    loader = new_worker_loader(&decoded, true, workers, 0, 1);
    for (int again = 0; again < 20; again++) {
      dla_loader_start(loader, 4, 1);
      assert_int_equal(read_epoch(loader, &copy), count);
      assert_memory_equal(&copy, &expected, sizeof copy);
    }
    dla_loader_free(loader);
  }
}

static void an_epoch_under_way_is_dropped_by(int workers)
{
  static epoch_copy expected, copy;
  dla_batch batch;
  dla_loader *loader = new_worker_loader(&dataset, true, workers, 0, 1);
  dla_loader_start(loader, 1, 0);
  read_epoch(loader, &expected);
  for (int taken = 0; taken < 200; taken++) {
    dla_loader_start(loader, 2 + (uint64_t)taken, 0);
    for (int i = 0; i < taken % (BATCHES + 2); i++)
      next(loader, &batch);
    dla_loader_start(loader, 1, 0);
    assert_int_equal(read_epoch(loader, &copy), COUNT);
    assert_memory_equal(&copy, &expected, sizeof copy);
  }
  dla_loader_free(loader);
}

static void an_epoch_under_way_is_dropped(void **state)
{
  (void)state;
  an_epoch_under_way_is_dropped_by(1);
  an_epoch_under_way_is_dropped_by(4);
}

/* The error names the picture, and the next epoch can begin again. */
static void a_broken_picture_ends_the_epoch(void **state)
{
  (void)state;
  dla_loader *loader = new_worker_loader(&decoded, false, 3, 0, 1);
  for (int again = 0; again < 20; again++) {
    dla_error err = {0};
    dla_batch batch;
    dla_status status = DLA_OK;
    int batches = 0;
    broken = 12;
    dla_loader_start(loader, 0, 0);
    while (!status && batches <= BATCHES) {
      status = dla_loader_next(loader, &batch, &err);
      batches += status == DLA_OK;
    }
    assert_int_equal(status, DLA_E_INPUT);
    assert_string_equal(err.where, "bad.jpg");
    assert_true(batches <= 2); /* 12 is in the third */
    assert_int_equal(dla_loader_next(loader, &batch, &err), DLA_E_INPUT);
    broken = COUNT;
    static epoch_copy copy;
    dla_loader_start(loader, 0, 0);
    assert_int_equal(read_epoch(loader, &copy), COUNT);
  }
  dla_loader_free(loader);
}

static void a_batch_stays_until_the_next_call(void **state)
{
  (void)state;
  dla_batch batch;
  dla_loader *loader = new_loader(true);
  for (uint64_t epoch = 0; epoch < 50; epoch++) {
    dla_loader_start(loader, epoch, 0);
    for (next(loader, &batch); batch.count > 0; next(loader, &batch))
      for (size_t i = 0; i < batch.count; i++)
        for (int p = 0; p < PIXELS; p++) {
          float pixel = batch.images[i * PIXELS + (size_t)p] * 255.0f;
          assert_true(pixel == 0.0f || (int)(pixel + 0.5f) == batch.labels[i] + 1);
        }
  }
  dla_loader_free(loader);
}

/* Laid side by side, the shares of any number of ranks are the batches of one. The last batch has
 * three samples: of seven ranks, four have none of it. */
static void ranks_share_every_batch(void **state)
{
  (void)state;
  enum { MOST = 7 };
  for (int ranks = 1; ranks <= MOST; ranks++) {
    dla_loader *one = new_loader(true), *loader[MOST];
    dla_loader_start(one, 2, 0);
    for (int r = 0; r < ranks; r++) {
      loader[r] = new_rank_loader(true, r, ranks);
      assert_int_equal(dla_loader_batches(loader[r]), BATCHES);
      dla_loader_start(loader[r], 2, 0);
    }
    for (int k = 0; k < BATCHES; k++) {
      dla_batch whole, share;
      size_t done = 0;
      next(one, &whole);
      for (int r = 0; r < ranks; r++) {
        next(loader[r], &share);
        assert_int_equal(share.total, whole.count);
        assert_true(share.count > 0);
        if (!share.counts) continue;
        assert_memory_equal(share.images, whole.images + done * PIXELS,
                            share.count * PIXELS * sizeof(float));
        assert_memory_equal(share.labels, whole.labels + done, share.count * sizeof(int32_t));
        done += share.count;
      }
      assert_int_equal(done, whole.count);
    }
    for (int r = 0; r < ranks; r++)
      dla_loader_free(loader[r]);
    dla_loader_free(one);
  }
}

static void freeing_is_safe_at_any_moment(void **state)
{
  (void)state;
  dla_batch batch;
  dla_loader_free(NULL);
  for (int i = 0; i < 100; i++) {
    dla_loader *loader = new_loader(true);
    if (i % 4 > 0) dla_loader_start(loader, 0, 0);
    for (int taken = 1; taken < i % 4; taken++)
      next(loader, &batch);
    dla_loader_free(loader);
  }
}

static void next_before_start_gives_nothing(void **state)
{
  (void)state;
  dla_batch batch;
  dla_loader *loader = new_loader(false);
  next(loader, &batch);
  assert_int_equal(batch.count, 0);
  dla_loader_free(loader);
}

static void wrong_options_are_refused(void **state)
{
  (void)state;
  dla_loader *loader = NULL;
  dla_error err = {0};
  dla_loader_options options = {.channels = 1, .height = SIDE, .width = SIDE, .std = {1}};
  assert_int_equal(dla_loader_create(&dataset, &options, &loader, &err), DLA_E_INPUT);
  options.batch_size = 1;
  options.width = SIDE - 1;
  assert_int_equal(dla_loader_create(&dataset, &options, &loader, &err), DLA_E_INPUT);
  assert_null(loader);
}

static void images_grow_as_composers(void **state)
{
  (void)state;
  const dla_progressive p = {0.5, 0.25, 0.25, 4, 8}, step_of_one = {0.5, 0, 0.5, 1, 10};
  const dla_progressive coarse = {0.1, 0.5, 0.2, 32, 4}, none = {1, 0.5, 0.2, 4, 8};
  /* round(32 (0.5 + 0.5 (epoch / 8 - 0.25) / 0.5) / 4) * 4 */
  const int sizes[] = {16, 16, 16, 20, 24, 28, 32, 32};
  for (uint64_t epoch = 0; epoch < 8; epoch++) {
    assert_int_equal(dla_progressive_size(&p, 32, epoch), sizes[epoch]);
    assert_int_equal(dla_progressive_size(&none, 32, epoch), 32);
  }
  assert_int_equal(dla_progressive_size(&step_of_one, 30, 0), 15);
  assert_int_equal(dla_progressive_size(&step_of_one, 30, 2), 21);
  assert_int_equal(dla_progressive_size(&step_of_one, 30, 5), 30);
  assert_int_equal(dla_progressive_size(&coarse, 100, 0), 32);
  assert_int_equal(dla_progressive_size(&coarse, 20, 0), 20);
}

/* An even image has its value at any size; around it, padding that shrank with it. */
static void grown_images_hold_what_they_held(void **state)
{
  (void)state;
  enum { FULL = 2 * SIDE };
  const dla_progressive growing = {0.5, 0.5, 0.25, 2, 4};
  const dla_loader_options options = {.channels = 1,
                                      .height = FULL,
                                      .width = FULL,
                                      .batch_size = COUNT,
                                      .std = {1},
                                      .progressive = growing};
  dla_loader *loader = NULL;
  dla_batch batch;
  assert_int_equal(dla_loader_create(&decoded, &options, &loader, NULL), DLA_OK);
  for (uint64_t epoch = 0; epoch < 4; epoch++) {
    const int side = dla_progressive_size(&growing, FULL, epoch), edge = side / 4;
    assert_int_equal(side, epoch < 3 ? FULL / 2 : FULL);
    dla_loader_start(loader, epoch, 0);
    next(loader, &batch);
    for (int i = 0; i < COUNT * side * side; i++) {
      const int x = i % side, y = i / side % side;
      const bool inside = x >= edge && x < side - edge && y >= edge && y < side - edge;
      const float value = (float)(i / (side * side) + 1) / 255.0f;
      assert_float_equal(batch.images[i], inside ? value : 0, 1e-6);
    }
  }
  dla_loader_free(loader);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shuffle_is_a_permutation_of_seed_and_epoch),
      cmocka_unit_test(shuffle_is_even),
      cmocka_unit_test(batches_come_in_order),
      cmocka_unit_test(shuffled_epoch_visits_all_once),
      cmocka_unit_test(resuming_gives_the_same_bytes),
      cmocka_unit_test(an_epoch_under_way_is_dropped),
      cmocka_unit_test(any_number_of_workers_gives_the_same_bytes),
      cmocka_unit_test(a_broken_picture_ends_the_epoch),
      cmocka_unit_test(a_batch_stays_until_the_next_call),
      cmocka_unit_test(ranks_share_every_batch),
      cmocka_unit_test(freeing_is_safe_at_any_moment),
      cmocka_unit_test(next_before_start_gives_nothing),
      cmocka_unit_test(wrong_options_are_refused),
      cmocka_unit_test(images_grow_as_composers),
      cmocka_unit_test(grown_images_hold_what_they_held),
  };
  return cmocka_run_group_tests(tests, fill_dataset, NULL);
}
