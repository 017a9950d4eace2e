#ifndef DLA_SLURM_SUBMIT_H
#define DLA_SLURM_SUBMIT_H

#include "base/strbuf.h"
#include "dla/status.h"

/* Gives a batch script to sbatch, and appends what sbatch prints ("Submitted batch job 7").
 * DLA_E_UNSUPPORTED if there is no sbatch. */
dla_status dla_slurm_submit(const dla_strbuf *script, dla_strbuf *printed, dla_error *err);

#endif
