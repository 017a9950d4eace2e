#ifndef DLA_SLURM_DIRECTIVES_H
#define DLA_SLURM_DIRECTIVES_H

#include "base/strbuf.h"
#include "config/config.h"

/* Appends the section `slurm` as #SBATCH lines. DLA_E_INPUT: such a line cannot hold a value. */
dla_status dla_slurm_directives(const dla_config *config, dla_strbuf *out, dla_error *err);

#endif
