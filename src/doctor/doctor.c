#include "doctor/doctor.h"

#include "doctor/checks.h"

void dla_doctor(const dla_config *config, dla_findings *findings)
{
  static void (*const checks[])(const doctor *) = {
      doctor_processor, doctor_threads, doctor_memory, doctor_libraries, doctor_disk,
      doctor_files,     doctor_servers, doctor_slurm,  doctor_mpi,       doctor_containers};
  const doctor d = {.config = config, .findings = findings};
  for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
    checks[i](&d);
}
