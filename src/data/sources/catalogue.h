/* Finds data sets by the names and folders of files, and chooses one. */
#ifndef DLA_DATA_SOURCES_CATALOGUE_H
#define DLA_DATA_SOURCES_CATALOGUE_H

#include "data/formats/format.h"
#include "dla/dataset.h"

enum { DLA_SEARCH_DEPTH = 6 }; /* folders below the start */

typedef struct dla_candidate {
  const dla_format *format;
  char *folder; /* below the place, without a trailing '/'; "": the place itself. Owned */
  char *prefix; /* of its files' names; owned */
  int depth;    /* of the folder */
  struct {
    bool there;
    int rank;
    size_t entry; /* the caller's index of the file */
  } found[DLA_MEMBERS_MAX];
} dla_candidate;

typedef struct dla_catalogue {
  dla_candidate *items;
  size_t count, capacity;
} dla_catalogue;

/* path: below the place, as in an archive ("./a/b"), with '/'. Files of no format are skipped. A
 * later file with an equally good name replaces an earlier one, as in tar. */
dla_status dla_catalogue_add(dla_catalogue *catalogue, const char *path, size_t entry,
                             dla_error *err);

/* Is there a data set that fits the options? */
bool dla_catalogue_has(const dla_catalogue *catalogue, const dla_dataset_options *options);
/* Chooses the nearest data set that fits the options, or the nearest of all if none fits. *chosen
 * is NULL if there is none. If two are equally near, the error names both; how: the hint for
 * choosing one. */
dla_status dla_catalogue_choose(const dla_catalogue *catalogue, const dla_dataset_options *options,
                                const char *place, const char *how, const dla_candidate **chosen,
                                dla_error *err);
/* Does the format fit the options? */
bool dla_format_suits(const dla_format *format, const dla_dataset_options *options);

void dla_catalogue_free(dla_catalogue *catalogue);

#endif
