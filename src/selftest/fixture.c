#include "selftest/fixture.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/one_line.h"
#include "base/philox.h"
#include "base/try.h"

enum { SEED = 20 };

static void tell(dla_selftest *test, dla_finding *f)
{
  dla_one_line(f->what);
  dla_one_line(f->hint);
  if (!test->ended && !test->found(test->context, f)) test->ended = true;
}

static dla_finding named(const dla_selftest *test, bool good, const char *name)
{
  dla_finding f = {.verdict = good ? DLA_GOOD : DLA_BAD};
  snprintf(f.name, sizeof f.name, "%s %s", dla_isa_name(test->isa), name);
  return f;
}

void selftest_tell(dla_selftest *test, bool good, const char *name, const char *hint,
                   const char *format, ...)
{
  dla_finding f = named(test, good, name);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(f.what, sizeof f.what, format, arguments);
  va_end(arguments);
  if (!good && hint) snprintf(f.hint, sizeof f.hint, "%s", hint);
  tell(test, &f);
}

void selftest_tell_error(dla_selftest *test, const char *name, const dla_error *error)
{
  selftest_tell(test, false, name, error->hint, "%s%s%s", error->where, *error->where ? ": " : "",
                error->what);
}

const dla_backend *selftest_backend(const dla_selftest *test, int *index)
{
  for (const dla_backend *b; (b = dla_backend_at((*index)++));) {
    if (test->left_out & 1u << (*index - 1)) continue;
    if (test->backend ? strcmp(b->name, test->backend) == 0
                      : !b->memory && strcmp(b->name, "reference") != 0)
      return b;
  }
  return NULL;
}

void selftest_fill(selftest_batch *batch)
{
  dla_random random = dla_random_at(SEED, DLA_RANDOM_SHUFFLE, 0, 0);
  for (int i = 0; i < SELFTEST_IMAGES; i++)
    batch->images[i] = 2 * dla_random_float(&random) - 1;
  for (int i = 0; i < SELFTEST_BATCH; i++)
    batch->labels[i] = (2 * i + 1) % SELFTEST_CLASSES;
}

dla_status selftest_network(dla_graph *graph, const dla_network_options *options,
                            dla_network **network, dla_error *err)
{
  TRY(dla_network_create(graph, options, network, err));
  dla_status status = dla_network_initialise(*network, SEED, err);
  if (!status) return DLA_OK;
  dla_network_free(*network);
  *network = NULL;
  return status;
}

dla_update_numbers selftest_numbers(double lr, int64_t step)
{
  const dla_optimizer *sgd = dla_optimizer_find("sgd");
  dla_update_numbers numbers = {.step = step};
  numbers.value[dla_optimizer_number_find(sgd, "lr")] = lr;
  numbers.value[dla_optimizer_number_find(sgd, "momentum")] = 0.9;
  return numbers;
}

double selftest_difference(const float *numbers, const float *right, size_t count)
{
  double difference = 0, square = 0;
  for (size_t i = 0; i < count; i++) {
    const double d = (double)numbers[i] - right[i];
    difference += d * d;
    square += (double)right[i] * right[i];
  }
  /* A gradient that is zero except for rounding has no size to compare with. */
  const double least = 1e-12 * (double)count;
  return sqrt(difference / (square > least ? square : least));
}
