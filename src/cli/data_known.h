/* dla-train data for data sets of few files in a known format: CIFAR, IDX. */
#ifndef DLA_CLI_DATA_KNOWN_H
#define DLA_CLI_DATA_KNOWN_H

#include "dla/dataset.h"

/* If training would take such a data set at `place`, prints what there is to train and to test
 * with, as text or JSON. *known says whether it would. With *known, an error is about the files. */
dla_status dla_cli_data_known(const char *place, const dla_dataset_options *options, bool json,
                              bool *known, dla_error *err);
/* Fails if such a data set is there: it cannot be packed. */
dla_status dla_cli_data_refuse_known(const char *place, const dla_dataset_options *options,
                                     dla_error *err);

#endif
