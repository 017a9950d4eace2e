/* The data sets that files make by their names and folders, wherever the files are, and which of
 * them is meant. */
#ifndef DLA_DATA_SOURCES_CATALOGUE_H
#define DLA_DATA_SOURCES_CATALOGUE_H

#include "data/formats/format.h"
#include "dla/dataset.h"

enum { DLA_SEARCH_DEPTH = 6 }; /* folders below the place where it starts */

typedef struct dla_candidate {
  const dla_format *format;
  char *folder; /* below the place, without the last '/'; "": the place itself. Owned */
  char *prefix; /* of its files' names; owned */
  int depth;    /* of the folder */
  struct {
    bool there;
    int rank;
    size_t entry; /* the caller's number of the file */
  } found[DLA_MEMBERS_MAX];
} dla_candidate;

typedef struct dla_catalogue {
  dla_candidate *items;
  size_t count, capacity;
} dla_catalogue;

/* path: below the place, as an archive has it ("./a/b"), with '/'. What no format names is passed
 * over. A later file with as good a name replaces an earlier one, as in tar. */
dla_status dla_catalogue_add(dla_catalogue *catalogue, const char *path, size_t entry,
                             dla_error *err);

/* Is there one that the options ask for? */
bool dla_catalogue_has(const dla_catalogue *catalogue, const dla_dataset_options *options);
/* The nearest one of those that the options ask for, or of all where they ask for none of them.
 * *chosen is NULL where there is none. Two that are as near are an error that names both; how: what
 * to do to name one. */
dla_status dla_catalogue_choose(const dla_catalogue *catalogue, const dla_dataset_options *options,
                                const char *place, const char *how, const dla_candidate **chosen,
                                dla_error *err);
/* Does the format have what the options ask for? */
bool dla_format_suits(const dla_format *format, const dla_dataset_options *options);

void dla_catalogue_free(dla_catalogue *catalogue);

#endif
