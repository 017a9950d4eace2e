/* Finds the members of an archive by their paths. */
#ifndef DLA_DATA_PICTURES_MEMBERS_H
#define DLA_DATA_PICTURES_MEMBERS_H

#include "data/pictures/list.h"

/* Does a member hold the class of the picture beside it, by its name: WebDataset's KEY.cls? */
bool dla_is_shard_label(const char *name);

typedef struct dla_members {
  const dla_picture_list *list; /* not owned */
  uint32_t *table;              /* hash table of entry indexes + 1; 0: free; owned */
  size_t size;
} dla_members;

/* The entries from index `from` on. Of two with the same path, the later one counts, as in tar. */
dla_status dla_members_begin(dla_members *members, const dla_picture_list *list, size_t from,
                             dla_error *err);
/* The index of a file; -1: there is none. */
int64_t dla_members_find(const dla_members *members, const char *path);
/* Whether there are files in that folder, or below it. */
bool dla_members_have_folder(const dla_members *members, const char *path);
void dla_members_end(dla_members *members);

#endif
