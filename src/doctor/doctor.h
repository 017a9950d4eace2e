/* Checks whether this machine can do what a configuration asks for. */
#ifndef DLA_DOCTOR_H
#define DLA_DOCTOR_H

#include "base/findings.h"
#include "config/config.h"

/* Stand for a staged job's folders, which only the job makes. A path that begins with one is not
 * checked. */
#define DLA_DOCTOR_INPUT  "$DEEPSQUARE_INPUT"
#define DLA_DOCTOR_OUTPUT "$DEEPSQUARE_OUTPUT"

/* Checks processor, threads, memory, libraries, disks, the configuration's files and servers,
 * Slurm, MPI, containers. It sends one small request to each server, and changes nothing there or
 * here. No finding contains a secret. */
void dla_doctor(const dla_config *config, dla_findings *findings);

#endif
