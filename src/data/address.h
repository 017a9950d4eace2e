/* Download addresses of data sets. */
#ifndef DLA_DATA_ADDRESS_H
#define DLA_DATA_ADDRESS_H

/* A hint with the address, for a file or folder of this name. */
const char *dla_dataset_address(const char *name);

#endif
