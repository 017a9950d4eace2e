#include "kernels/winograd_convolve.h"
#include "kernels/winograd_weights.h"

size_t dla_winograd_scratchpad(const dla_winograd *w, dla_winograd_pass pass)
{
  problem p = winograd_problem(w, pass == DLA_WINOGRAD_BACKWARD_DATA);
  int64_t floats = pass == DLA_WINOGRAD_BACKWARD_WEIGHTS ? winograd_gradient_size(&p)
                                                         : winograd_convolve_size(&p);
  return (size_t)floats * sizeof(float);
}
