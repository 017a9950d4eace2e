#ifndef DLA_SLURM_DIRECTIVES_H
#define DLA_SLURM_DIRECTIVES_H

#include "base/strbuf.h"
#include "config/config.h"

/* Appends the section `slurm` as #SBATCH lines. DLA_E_INPUT for a value that such a line cannot
 * hold. */
dla_status dla_slurm_directives(const dla_config *config, dla_strbuf *out, dla_error *err);

#endif
