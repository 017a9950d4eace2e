/* Looks whether this machine can do what a configuration asks for. */
#ifndef DLA_DOCTOR_H
#define DLA_DOCTOR_H

#include "base/findings.h"
#include "config/config.h"

/* What stands for a staged job's folders, which only the job makes: a path that begins so is not
 * looked for. */
#define DLA_DOCTOR_INPUT  "$DEEPSQUARE_INPUT"
#define DLA_DOCTOR_OUTPUT "$DEEPSQUARE_OUTPUT"

/* Processor, threads, memory, libraries, disks, files and servers of the configuration, Slurm, MPI,
 * containers. Sends one small request to each server, and changes nothing there or here. No finding
 * holds a secret. */
void dla_doctor(const dla_config *config, dla_findings *findings);

#endif
