/* The single checks of an examination. */
#ifndef DLA_DOCTOR_CHECKS_H
#define DLA_DOCTOR_CHECKS_H

#include "base/findings.h"
#include "config/config.h"

typedef struct doctor {
  const dla_config *config;
  dla_findings *findings;
} doctor;

void doctor_processor(const doctor *d);
void doctor_threads(const doctor *d);
void doctor_memory(const doctor *d);
void doctor_libraries(const doctor *d);
void doctor_disk(const doctor *d);
void doctor_files(const doctor *d);
void doctor_servers(const doctor *d);
void doctor_slurm(const doctor *d);
void doctor_mpi(const doctor *d);
void doctor_containers(const doctor *d);

#endif
