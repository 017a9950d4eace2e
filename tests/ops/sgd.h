/* torch.optim.SGD's numbers, by their names. */
#ifndef TEST_SGD_H
#define TEST_SGD_H

#include "optim/sgd.h"

typedef struct sgd_numbers {
  float lr, momentum, weight_decay;
  bool nesterov;
} sgd_numbers;

static inline dla_update_numbers sgd_update(sgd_numbers sgd)
{
  return (dla_update_numbers){.value = {[SGD_LR] = sgd.lr,
                                        [SGD_MOMENTUM] = sgd.momentum,
                                        [SGD_WEIGHT_DECAY] = sgd.weight_decay,
                                        [SGD_NESTEROV] = sgd.nesterov}};
}

#endif
