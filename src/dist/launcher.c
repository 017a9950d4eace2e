#include "dist/launcher.h"

#include <stdlib.h>

#include "dla/dist.h"

static int number_in(const char *variable)
{
  const char *text = getenv(variable);
  long value = text ? strtol(text, NULL, 10) : 0;
  return value > 0 && value < 1 << 24 ? (int)value : 0;
}

/* Knows Open MPI's mpirun, the PMI of MPICH's and Intel's mpiexec, and srun, whose step has a
 * number of tasks with any --mpi. The innermost launcher comes first: mpirun itself may have used
 * srun. */
int dla_dist_launched(void)
{
  static const char *const variables[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE",
                                          "SLURM_STEP_NUM_TASKS"};
  for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
    if (number_in(variables[i])) return number_in(variables[i]);
  return 1;
}

bool dla_launcher_speaks_mpi(void)
{
  return getenv("OMPI_COMM_WORLD_SIZE") || getenv("PMIX_RANK") || getenv("PMI_SIZE");
}
