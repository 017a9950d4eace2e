/* dla-train data, of a data set of few files whose format is known: CIFAR, IDX. */
#ifndef DLA_CLI_DATA_KNOWN_H
#define DLA_CLI_DATA_KNOWN_H

#include "dla/dataset.h"

/* Prints what is there to train and to test with, for people or as JSON, if such a data set is what
 * training would take at `place`; *known: it is. Errors, with *known: of its files. */
dla_status dla_cli_data_known(const char *place, const dla_dataset_options *options, bool json,
                              bool *known, dla_error *err);
/* An error if such a data set is there, which cannot be packed. */
dla_status dla_cli_data_refuse_known(const char *place, const dla_dataset_options *options,
                                     dla_error *err);

#endif
