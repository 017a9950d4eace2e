#include "train/evaluate.h"

#include <stdlib.h>

static void count_predictions(dla_evaluation *evaluation, const dla_batch *batch,
                              const float *logits)
{
  int64_t classes = evaluation->classes;
  for (size_t n = 0; n < batch->count; n++) {
    const float *row = logits + (int64_t)n * classes;
    int64_t best = 0;
    for (int64_t c = 1; c < classes; c++)
      if (row[c] > row[best]) best = c;
    evaluation->confusion[batch->labels[n] * classes + best]++;
  }
}

static dla_status evaluate_batch(dla_network *network, const dla_batch *batch,
                                 dla_evaluation *evaluation, dla_error *err)
{
  float *logits = malloc(batch->count * (size_t)evaluation->classes * sizeof *logits);
  if (!logits) return dla_fail_memory(err, "the logits");
  dla_result result;
  dla_status status = dla_network_evaluate(network, batch->images, batch->labels,
                                           (int64_t)batch->count, logits, &result, err);
  if (!status) {
    evaluation->loss += result.loss * (double)batch->count;
    evaluation->correct += result.correct;
    evaluation->count += (int64_t)batch->count;
    count_predictions(evaluation, batch, logits);
  }
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

static void sum_over_ranks(dla_evaluation *evaluation, dla_dist *dist)
{
  int64_t counts[2] = {evaluation->count, evaluation->correct};
  dla_dist_sum_integers(dist, counts, 2);
  evaluation->count = counts[0];
  evaluation->correct = counts[1];
  dla_dist_sum(dist, &evaluation->loss, 1);
  dla_dist_sum_integers(dist, evaluation->confusion,
                        (size_t)(evaluation->classes * evaluation->classes));
}

dla_status dla_evaluate(dla_network *network, dla_loader *loader, dla_dist *dist,
                        const dla_stop *stop, dla_evaluation *evaluation, dla_error *err)
{
  int64_t classes = dla_network_classes(network);
  *evaluation = (dla_evaluation){.classes = classes};
  evaluation->confusion = calloc((size_t)(classes * classes), sizeof *evaluation->confusion);
  if (!evaluation->confusion) return dla_fail_memory(err, "the confusion matrix");
  dla_status status = DLA_OK;
  dla_batch batch;
  if (dist) dla_network_share_statistics(network);
  dla_loader_start(loader, 0, 0);
  while (!status) {
    status = dla_loader_next(loader, &batch, err);
    if (status || !batch.count) break;
    if (batch.counts) status = evaluate_batch(network, &batch, evaluation, err);
    if (!status && dla_stop_together(stop, dist))
      status = dla_fail(err, DLA_E_INTERRUPTED, NULL, NULL, "the evaluation was interrupted");
  }
  if (!status) sum_over_ranks(evaluation, dist);
  if (status)
    dla_evaluation_free(evaluation);
  else if (evaluation->count)
    evaluation->loss /= (double)evaluation->count;
  return status;
}

void dla_evaluation_free(dla_evaluation *evaluation)
{
  free(evaluation->confusion);
  evaluation->confusion = NULL;
}

double dla_evaluation_accuracy(const dla_evaluation *evaluation)
{
  return evaluation->count ? (double)evaluation->correct / (double)evaluation->count : 0;
}
