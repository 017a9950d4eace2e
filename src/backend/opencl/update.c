/* The update: each optimizer that this backend has is a kernel of its name. */
#include <string.h>

#include "backend/opencl/internal.h"
#include "base/try.h"

static const struct {
  const char *optimizer;
  opencl_kernel kernel;
} updates[] = {{"sgd", OPENCL_sgd}};

/* -1: there is none for it. */
static int kernel_of(const dla_optimizer *optimizer)
{
  for (size_t i = 0; i < sizeof updates / sizeof *updates; i++)
    if (strcmp(updates[i].optimizer, optimizer->name) == 0) return (int)updates[i].kernel;
  return -1;
}

dla_status opencl_check_optimizer(const dla_program *program, dla_error *err)
{
  if (kernel_of(program->update.optimizer) >= 0) return DLA_OK;
  return dla_fail(err, DLA_E_UNSUPPORTED, "optimizer.name", "choose another backend",
                  "the opencl backend has no %s", program->update.optimizer->name);
}

dla_status opencl_update(const opencl_backend *b, const dla_program *program,
                         const dla_instruction *i, dla_error *err)
{
  (void)i;
  const dla_update *u = &program->update;
  for (int k = 0; k < u->count; k++) {
    dla_update_span span = dla_program_update_span(program, k);
    const dla_update_numbers numbers = dla_program_update_numbers(program, k);
    opencl_launch l = opencl_begin(b, (opencl_kernel)kernel_of(u->optimizer));
    opencl_int(&l, (int64_t)span.count);
    for (int n = 0; n < dla_optimizer_number_count(u->optimizer); n++)
      opencl_float(&l, (float)numbers.value[n]);
    opencl_address(&l, span.parameters);
    for (int s = 0; s < DLA_OPTIMIZER_STATES && span.state[s]; s++)
      opencl_address(&l, span.state[s]);
    opencl_address(&l, span.gradients);
    TRY(opencl_run(&l, (int64_t)span.count, err));
  }
  return DLA_OK;
}
