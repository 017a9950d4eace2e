/* sgd: torch.optim.SGD with dampening 0. The momentum buffer starts from zeros, which makes its
 * first value the gradient, as there. */
#include "backend/reference/reference.h"

static void update(const dla_update_span *span, const dla_sgd *sgd)
{
  for (size_t k = 0; k < span->count; k++) {
    double gradient = span->gradients[k] + (double)sgd->weight_decay * span->parameters[k];
    double velocity = (double)sgd->momentum * span->momentum[k] + gradient;
    double step = sgd->nesterov ? gradient + (double)sgd->momentum * velocity : velocity;
    span->momentum[k] = (float)velocity;
    span->parameters[k] = (float)(span->parameters[k] - (double)sgd->lr * step);
  }
}

void reference_sgd(const dla_program *program, const dla_instruction *i)
{
  (void)i;
  for (int k = 0; k < program->update.count; k++) {
    dla_update_span span = dla_program_update_span(program, k);
    update(&span, &program->update.sgd);
  }
}
