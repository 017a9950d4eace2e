/* Runs programs: training steps and evaluations. */
#include "base/clock.h"
#include "base/team.h"
#include "graph/programs.h"

static dla_status interpret(dla_network *net, dla_compiled *c, dla_error *err)
{
  dla_status status = DLA_OK;
  bool prepared = net->prepared == c->program;
  dla_exchange *exchange = c->program->gradients_apart ? &c->exchange : NULL;
  net->prepared = c->program->mode == DLA_MODE_INFERENCE ? c->program : NULL;
  for (int i = 0; i < c->program->instruction_count && !status; i++) {
    if (prepared && c->program->instruction[i].pass == DLA_PASS_PREPARE) continue;
    double start = c->timing ? dla_clock() : 0;
    if (exchange) dla_exchange_before(exchange, net->dist, &c->program->instruction[i]);
    status = net->engine.backend->execute(c->plan, c->program, i, err);
    if (exchange) dla_exchange_after(exchange, net->dist, &net->store, i);
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

static dla_status run(dla_network *net, dla_mode mode, const float *images,
                      const dla_batch_labels *labels, int64_t count, const dla_batch_share *share,
                      const dla_update_numbers *numbers, float *logits, dla_result *result,
                      dla_error *err)
{
  /* Where nothing is mixed in, an image is its own partner. */
  const int32_t *partners = labels->partners ? labels->partners : labels->own;
  dla_status status = check_labels(net, labels->own, count, err);
  if (!status) status = check_labels(net, partners, count, err);
  if (!status) status = dla_network_prepare(net, mode, count, NULL, err);
  dla_compiled *c = status ? NULL : dla_network_find(net, mode, count);
  if (!status) status = dla_network_bind(net, c, err);
  if (status) return status;
  dla_program *program = c->program;
  status = net->engine.backend->write(c->plan, &program->value[program->input], images, err);
  if (!status) status = write_labels(net, program, program->labels, labels->own, err);
  if (!status && program->partners >= 0)
    status = write_labels(net, program, program->partners, partners, err);
  if (status) return status;
  if (numbers) program->update.numbers = *numbers;
  program->share = *share;
  program->lambda = labels->partners ? labels->lambda : 1;
  dla_team_enter(net->engine.team);
  status = interpret(net, c, err);
  dla_team_leave(net->engine.team);
  float loss[2] = {0}, norm = -1;
  if (!status)
    status =
        dla_memory_read(&net->engine, program->value[program->loss].data, loss, sizeof loss, err);
  if (!status && program->grad_norm >= 0)
    status = dla_memory_read(&net->engine, program->value[program->grad_norm].data, &norm,
                             sizeof norm, err);
  *result = (dla_result){loss[0], (int64_t)loss[1], norm};
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

dla_status dla_network_train_share(dla_network *net, const float *images,
                                   const dla_batch_labels *labels, int64_t count,
                                   const dla_batch_share *share, const dla_update_numbers *numbers,
                                   dla_result *result, dla_error *err)
{
  return run(net, DLA_MODE_TRAINING, images, labels, count, share, numbers, NULL, result, err);
}

dla_status dla_network_evaluate(dla_network *net, const float *images, const int32_t *labels,
                                int64_t count, float *logits, dla_result *result, dla_error *err)
{
  const dla_batch_share whole = {true, count};
  const dla_batch_labels own = {.own = labels};
  return run(net, DLA_MODE_INFERENCE, images, &own, count, &whole, NULL, logits, result, err);
}

void dla_network_profile(dla_network *net, const dla_program *program, dla_timing *timing)
{
  for (int i = 0; i < net->count; i++)
    if (net->compiled[i].program == program) net->compiled[i].timing = timing;
}
