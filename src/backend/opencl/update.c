/* The update: an optimizer's kernel has its name, or the one in its row. */
#include <string.h>

#include "backend/opencl/internal.h"
#include "base/try.h"

/* -1: no kernel. */
static int kernel_of(const dla_optimizer *optimizer)
{
  const char *name = optimizer->device_kernel ? optimizer->device_kernel : optimizer->name;
  for (int k = 0; k < OPENCL_KERNEL_COUNT; k++)
    if (strcmp(opencl_kernel_names[k], name) == 0) return k;
  return -1;
}

dla_status opencl_check_optimizer(const dla_program *program, dla_error *err)
{
  if (kernel_of(program->update.optimizer) >= 0) return DLA_OK;
  return dla_fail(err, DLA_E_UNSUPPORTED, "optimizer.name", "choose another backend",
                  "the opencl backend has no %s", program->update.optimizer->name);
}

static void give_numbers(opencl_launch *l, const dla_optimizer *optimizer,
                         const dla_update_numbers *numbers)
{
  double taken[DLA_DEVICE_NUMBERS];
  int count = dla_optimizer_number_count(optimizer);
  if (optimizer->device_numbers)
    count = optimizer->device_numbers(numbers, taken);
  else
    memcpy(taken, numbers->value, (size_t)count * sizeof *taken);
  for (int i = 0; i < count; i++)
    opencl_float(l, (float)taken[i]);
}

dla_status opencl_update(const opencl_backend *b, const dla_program *program,
                         const dla_instruction *i, dla_error *err)
{
  (void)i;
  const dla_update *u = &program->update;
  for (int k = 0; k < u->count; k++) {
    const dla_update_span span = dla_program_update_span(program, k);
    const dla_update_numbers numbers = dla_program_update_numbers(program, k);
    opencl_launch l = opencl_begin(b, (opencl_kernel)kernel_of(u->optimizer));
    opencl_int(&l, (int64_t)span.count);
    give_numbers(&l, u->optimizer, &numbers);
    opencl_address(&l, span.parameters);
    for (int s = 0; s < DLA_OPTIMIZER_STATES && span.state[s]; s++)
      opencl_address(&l, span.state[s]);
    opencl_address(&l, span.gradients);
    TRY(opencl_run(&l, (int64_t)span.count, err));
  }
  return DLA_OK;
}
