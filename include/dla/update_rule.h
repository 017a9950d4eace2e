/* Optimizers as data. An update rule is a row: the names of its numbers, its states for each
 * parameter, torch.optim's format for both, and its kernels. src/optim has one file per rule; all
 * other code follows the row. See docs/add-an-optimizer.md. */
#ifndef DLA_UPDATE_RULE_H
#define DLA_UPDATE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/isa.h"
#include "dla/optimizer.h"

enum { DLA_OPTIMIZER_FIELDS = 16, DLA_DEVICE_NUMBERS = 12 };

/* A hyperparameter. Its name is torch.optim's, and also the key in the section `optimizer` and in
 * a checkpoint's metadata. */
typedef struct dla_optimizer_number {
  const char *name;
  double initial; /* the key's default */
  bool boolean;   /* 0 or 1 */
} dla_optimizer_number;

/* An array per trainable parameter, of the same size. It starts as zeros. */
typedef struct dla_optimizer_state {
  const char *name;       /* "momentum": checkpoints hold optimizer.momentum.<parameter> */
  const char *torch_name; /* "momentum_buffer" */
} dla_optimizer_state;

/* An entry of param_groups in torch.optim's state_dict. */
typedef enum dla_torch_kind {
  DLA_TORCH_NUMBER, /* one of the rule's numbers, or booleans */
  DLA_TORCH_BETAS,  /* the tuple of its beta1 and beta2 */
  DLA_TORCH_ZERO,   /* a number we do not have, at torch.optim's default */
  DLA_TORCH_FALSE,
  DLA_TORCH_NONE
} dla_torch_kind;

typedef struct dla_torch_field {
  const char *name;
  dla_torch_kind kind;
} dla_torch_field;

/* The numbers of an update, for the parameters of a group. */
dla_update_numbers dla_update_changed(const dla_optimizer *optimizer,
                                      const dla_update_numbers *numbers,
                                      const dla_update_change *change);

/* A parameter, or a part of one, with its gradient and states. */
typedef struct dla_update_span {
  float *parameters, *state[DLA_OPTIMIZER_STATES];
  const float *gradients;
  size_t count; /* floats in each */
} dla_update_span;

/* Elementwise: a kernel may be called with a part of a span. */
typedef void dla_update_kernel(const dla_update_span *span, const dla_update_numbers *numbers);

struct dla_optimizer {
  const char *name;                                   /* of optimizer.name, as in torch.optim */
  dla_optimizer_number number[DLA_OPTIMIZER_NUMBERS]; /* ends with one without a name */
  dla_optimizer_state state[DLA_OPTIMIZER_STATES];    /* ends with one without a name */
  dla_torch_field torch_group[DLA_OPTIMIZER_FIELDS];  /* ends with one without a name */
  bool torch_step;                          /* its state_dict counts each parameter's steps */
  dla_update_kernel *reference;             /* computes in double */
  dla_update_kernel *kernel[DLA_ISA_COUNT]; /* NULL: the generic one */
  /* The kernel on a device, which rules may share, and the numbers it takes, computed once per
   * step. device_numbers returns how many. NULL: a kernel with the rule's name and its own
   * numbers. */
  const char *device_kernel;
  int (*device_numbers)(const dla_update_numbers *numbers, double taken[DLA_DEVICE_NUMBERS]);
  /* Checks that involve several numbers; NULL: none. where: the configuration, for the error. */
  dla_status (*check)(const dla_update_numbers *numbers, const char *where, dla_error *err);
};

#endif
