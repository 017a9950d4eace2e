#include "train/evaluate.h"

#include <stdlib.h>

/* first: the index of the batch's first sample in the split. */
static dla_status evaluate_batch(dla_network *network, dla_tta tta, const dla_batch *batch,
                                 int64_t first, dla_evaluation *evaluation, dla_mistakes *mistakes,
                                 dla_error *err)
{
  float *logits = malloc(batch->count * (size_t)evaluation->classes * sizeof *logits);
  if (!logits) return dla_fail_memory(err, "the logits");
  double loss;
  dla_status status = dla_tta_evaluate(network, tta, batch, logits, &loss, err);
  if (!status) dla_evaluation_add(evaluation, logits, batch->labels, batch->count, loss);
  if (!status && mistakes) dla_mistakes_add(mistakes, batch, first, logits, evaluation->classes);
  free(logits);
  return status;
}

bool dla_stop_requested(const dla_stop *stop)
{
  return stop && stop->requested && stop->requested(stop->context);
}

dla_status dla_evaluate(dla_network *network, dla_loader *loader, dla_tta tta, dla_dist *dist,
                        const dla_stop *stop, dla_evaluation *evaluation, dla_mistakes *mistakes,
                        dla_error *err)
{
  dla_batch batch;
  size_t first = 0; /* index of the first sample of the batch of all ranks */
  dla_status status = dla_evaluation_create(dla_network_classes(network), evaluation, err);
  if (status) return status;
  if (dist) dla_network_share_statistics(network);
  if (mistakes) dla_mistakes_clear(mistakes);
  dla_loader_start(loader, 0, 0);
  for (; !status; first += batch.total) {
    status = dla_loader_next(loader, &batch, err);
    if (status || !batch.count) break;
    const dla_share share = dla_share_of(batch.total, dla_dist_rank(dist), dla_dist_size(dist));
    if (batch.counts)
      status = evaluate_batch(network, tta, &batch, (int64_t)(first + share.first), evaluation,
                              mistakes, err);
    if (!status && dla_dist_any(dist, dla_stop_requested(stop))) /* the same on all ranks */
      status = dla_fail(err, DLA_E_INTERRUPTED, NULL, NULL, "the evaluation was interrupted");
  }
  if (!status && mistakes) status = dla_mistakes_collect(mistakes, dist, err);
  if (status)
    dla_evaluation_free(evaluation);
  else
    dla_evaluation_finish(evaluation, dist);
  return status;
}
