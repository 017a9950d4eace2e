/* Download addresses of data sets. */
#ifndef DLA_DATA_ADDRESS_H
#define DLA_DATA_ADDRESS_H

/* A hint with the address, for a file or folder of this name. */
const char *dla_dataset_address(const char *name);

/* The same. If the name does not tell, the usual name of one of the data set's files decides;
 * NULL: it is unknown. */
const char *dla_dataset_address_by(const char *name, const char *file);

/* What to do with pictures that are in another program's container. */
extern const char dla_unread_hint[];

#endif
