/* Runs programs: training steps and evaluations. */
#include <math.h>

#include "base/clock.h"
#include "base/team.h"
#include "base/try.h"
#include "graph/programs.h"

/* The samples of one run, and which part of a step they are. */
typedef struct piece {
  const float *images;
  dla_batch_labels labels;
  int64_t count;
  dla_batch_share share;
  int64_t step_samples, first_sample;
  int part, parts;
} piece;

/* The update is the last instruction of a program. */
static bool begins_update(const dla_program *program, int i)
{
  return program->instruction[i].pass == DLA_PASS_UPDATE &&
         (i == 0 || program->instruction[i - 1].pass != DLA_PASS_UPDATE);
}

/* Before the update: makes the gradients those of all ranks and all parts of the step. */
static void complete_gradients(dla_network *net, dla_compiled *c, const piece *p)
{
  if (c->program->gradients_apart)
    dla_exchange_wait(&c->exchange, net->dist);
  else if (p->part > 0)
    dla_accumulate_finish(&net->store, net->engine.team, c->program);
}

static dla_status interpret(dla_network *net, dla_compiled *c, const piece *p, dla_error *err)
{
  dla_status status = DLA_OK;
  const bool prepared = net->prepared == c->program, last = p->part + 1 == p->parts;
  const bool exchanges = c->program->gradients_apart && last;
  net->prepared = c->program->mode == DLA_MODE_INFERENCE ? c->program : NULL;
  for (int i = 0; i < c->program->instruction_count && !status; i++) {
    if (prepared && c->program->instruction[i].pass == DLA_PASS_PREPARE) continue;
    const bool update = begins_update(c->program, i);
    if (update && !last) {
      dla_accumulate_keep(&net->store, net->engine.team, c->program, p->part == 0);
      break;
    }
    double start = c->timing ? dla_clock() : 0;
    if (update) complete_gradients(net, c, p);
    status = net->engine.backend->execute(c->plan, c->program, i, err);
    if (exchanges)
      dla_exchange_after(&c->exchange, net->dist, &net->store, net->engine.team, p->part > 0, i);
    if (!c->timing) continue;
    if (!status) status = dla_memory_wait(&net->engine, err);
    double seconds = dla_clock() - start;
    c->timing[i] = (dla_timing){c->timing[i].total + seconds, start, seconds};
  }
  return status;
}

static dla_status check_labels(const dla_network *net, const int32_t *labels, int64_t count,
                               dla_error *err)
{
  int64_t classes = dla_network_classes(net);
  for (int64_t n = 0; n < count; n++)
    if (labels[n] < 0 || labels[n] >= classes)
      return dla_fail(err, DLA_E_INPUT, NULL,
                      "set model.classes to the dataset's number of classes",
                      "sample %lld has label %d, but the network has classes 0 to %lld",
                      (long long)n, labels[n], (long long)classes - 1);
  return DLA_OK;
}

static dla_status write_labels(dla_network *net, const dla_program *program, int value,
                               const int32_t *labels, dla_error *err)
{
  return dla_memory_write(&net->engine, program->value[value].data, labels,
                          (size_t)program->batch * sizeof *labels, err);
}

static dla_status write_inputs(dla_network *net, dla_compiled *c, const piece *p, dla_error *err)
{
  dla_program *program = c->program;
  /* Without MixUp or CutMix an image is its own partner. */
  const int32_t *partners = p->labels.partners ? p->labels.partners : p->labels.own;
  TRY(net->engine.backend->write(c->plan, &program->value[program->input], p->images, err));
  TRY(write_labels(net, program, program->labels, p->labels.own, err));
  return program->partners >= 0 ? write_labels(net, program, program->partners, partners, err)
                                : DLA_OK;
}

static dla_status run(dla_network *net, dla_mode mode, const piece *p,
                      const dla_update_numbers *numbers, float *logits, dla_result *result,
                      dla_error *err)
{
  dla_status status = dla_network_compile(net, mode, p->count, err);
  dla_compiled *c = status ? NULL : dla_network_find(net, mode, p->count);
  if (!status) status = dla_network_bind(net, c, err);
  if (!status) status = write_inputs(net, c, p, err);
  if (status) return status;
  dla_program *program = c->program;
  if (numbers) program->update.numbers = *numbers;
  program->share = p->share;
  program->step_samples = p->step_samples;
  program->first_sample = p->first_sample;
  program->lambda = p->labels.partners ? p->labels.lambda : 1;
  dla_team_enter(net->engine.team);
  status = interpret(net, c, p, err);
  dla_team_leave(net->engine.team);
  float loss[2] = {0}, norm = -1;
  if (!status)
    status =
        dla_memory_read(&net->engine, program->value[program->loss].data, loss, sizeof loss, err);
  if (!status && program->grad_norm >= 0)
    status = dla_memory_read(&net->engine, program->value[program->grad_norm].data, &norm,
                             sizeof norm, err);
  /* Printing shows a NaN's sign, which means nothing. */
  *result = (dla_result){isnan(loss[0]) ? NAN : loss[0], (int64_t)loss[1], norm};
  const dla_value *out = &program->value[program->logits];
  if (!status && logits)
    status = dla_memory_read(&net->engine, out->data, logits,
                             (size_t)dla_shape_count(&out->shape) * sizeof *logits, err);
  return status;
}

dla_status dla_network_train(dla_network *net, const float *images, const int32_t *labels,
                             int64_t count, const dla_update_numbers *numbers, dla_result *result,
                             dla_error *err)
{
  const dla_batch_share whole = {true, count};
  const dla_batch_labels own = {.own = labels};
  return dla_network_train_share(net, images, &own, count, &whole, numbers, result, err);
}

/* The samples of one part, on all ranks together. */
static int64_t part_total(const dla_network *net, const dla_batch_share *share, int part, int parts)
{
  const int ranks = dla_dist_size(net->dist);
  size_t total = 0;
  for (int rank = 0; rank < ranks; rank++)
    total += dla_share_of(dla_share_of((size_t)share->total, rank, ranks).count, part, parts).count;
  return (int64_t)total;
}

/* One part of a step. If this rank has no samples for it, its first sample stands in. */
static piece cut(const dla_network *net, const piece *whole, int part)
{
  const dla_shape image = net->steps->tensor[net->steps->input];
  const dla_share share = dla_share_of((size_t)whole->count, part, whole->parts);
  const int64_t first = (int64_t)share.first % whole->count;
  piece p = *whole;
  p.part = part;
  p.count = share.count ? (int64_t)share.count : 1;
  p.first_sample += first;
  p.images += first * dla_shape_count(&image);
  p.labels.own += first;
  if (p.labels.partners) p.labels.partners += first;
  p.share.counts = whole->share.counts && share.count > 0;
  if (whole->parts > 1) p.share.total = part_total(net, &whole->share, part, whole->parts);
  return p;
}

dla_status dla_network_train_share(dla_network *net, const float *images,
                                   const dla_batch_labels *labels, int64_t count,
                                   const dla_batch_share *share, const dla_update_numbers *numbers,
                                   dla_result *result, dla_error *err)
{
  const int parts = dla_parts_of((size_t)share->total, dla_dist_size(net->dist), net->accumulate);
  const dla_share here =
      dla_share_of((size_t)share->total, dla_dist_rank(net->dist), dla_dist_size(net->dist));
  const piece whole = {.images = images,
                       .labels = *labels,
                       .count = count,
                       .share = *share,
                       .step_samples = share->total,
                       .first_sample = (int64_t)here.first,
                       .parts = parts};
  dla_status status = check_labels(net, labels->own, count, err);
  if (!status && labels->partners) status = check_labels(net, labels->partners, count, err);
  double loss = 0;
  int64_t correct = 0;
  for (int part = 0; part < parts && !status; part++) {
    const piece p = cut(net, &whole, part);
    status = run(net, DLA_MODE_TRAINING, &p, numbers, NULL, result, err);
    if (whole.share.counts && !p.share.counts) continue;
    loss += result->loss * (double)p.count;
    correct += result->correct;
  }
  if (!status) *result = (dla_result){loss / (double)count, correct, result->grad_norm};
  return status;
}

dla_status dla_network_evaluate(dla_network *net, const float *images, const int32_t *labels,
                                int64_t count, float *logits, dla_result *result, dla_error *err)
{
  const piece whole = {.images = images,
                       .labels = {.own = labels},
                       .count = count,
                       .share = {true, count},
                       .step_samples = count,
                       .parts = 1};
  TRY(check_labels(net, labels, count, err));
  return run(net, DLA_MODE_INFERENCE, &whole, NULL, logits, result, err);
}

void dla_network_profile(dla_network *net, const dla_program *program, dla_timing *timing)
{
  for (int i = 0; i < net->count; i++)
    if (net->compiled[i].program == program) net->compiled[i].timing = timing;
}
