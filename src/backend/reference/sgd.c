/* sgd: torch.optim.SGD with dampening 0. The momentum buffer starts from zeros, which makes its
 * first value the gradient, as there. */
#include "backend/reference/reference.h"

void reference_sgd(const dla_program *program, const dla_instruction *i)
{
  (void)i;
  const dla_update *update = &program->update;
  double lr = update->sgd.lr, momentum = update->sgd.momentum, decay = update->sgd.weight_decay;
  for (size_t k = 0; k < update->count; k++) {
    double gradient = update->gradients[k] + decay * update->parameters[k];
    double velocity = momentum * update->momentum[k] + gradient;
    double step = update->sgd.nesterov ? gradient + momentum * velocity : velocity;
    update->momentum[k] = (float)velocity;
    update->parameters[k] = (float)(update->parameters[k] - lr * step);
  }
}
