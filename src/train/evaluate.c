#include "train/evaluate.h"

#include <stdlib.h>

static dla_status evaluate_batch(dla_network *network, dla_tta tta, const dla_batch *batch,
                                 dla_evaluation *evaluation, dla_error *err)
{
  float *logits = malloc(batch->count * (size_t)evaluation->classes * sizeof *logits);
  if (!logits) return dla_fail_memory(err, "the logits");
  double loss;
  dla_status status = dla_tta_evaluate(network, tta, batch, logits, &loss, err);
  if (!status) dla_evaluation_add(evaluation, logits, batch->labels, batch->count, loss);
  free(logits);
  return status;
}

bool dla_stop_requested(const dla_stop *stop)
{
  return stop && stop->requested && stop->requested(stop->context);
}

bool dla_stop_together(const dla_stop *stop, dla_dist *dist)
{
  return dla_dist_any(dist, dla_stop_requested(stop));
}

dla_status dla_evaluate(dla_network *network, dla_loader *loader, dla_tta tta, dla_dist *dist,
                        const dla_stop *stop, dla_evaluation *evaluation, dla_error *err)
{
  dla_batch batch;
  dla_status status = dla_evaluation_create(dla_network_classes(network), evaluation, err);
  if (status) return status;
  if (dist) dla_network_share_statistics(network);
  dla_loader_start(loader, 0, 0);
  while (!status) {
    status = dla_loader_next(loader, &batch, err);
    if (status || !batch.count) break;
    if (batch.counts) status = evaluate_batch(network, tta, &batch, evaluation, err);
    if (!status && dla_stop_together(stop, dist))
      status = dla_fail(err, DLA_E_INTERRUPTED, NULL, NULL, "the evaluation was interrupted");
  }
  if (status)
    dla_evaluation_free(evaluation);
  else
    dla_evaluation_finish(evaluation, dist);
  return status;
}
