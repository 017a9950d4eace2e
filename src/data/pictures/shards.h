/* WebDataset's shards: tars with KEY.jpg and KEY.cls, the picture's class as a line of text. */
#ifndef DLA_DATA_PICTURES_SHARDS_H
#define DLA_DATA_PICTURES_SHARDS_H

#include "data/pictures/listing.h"

/* Does a folder hold shards? Looks into its first tar. */
bool dla_is_shards_folder(const char *path);

/* Where most pictures from index `from` on, of one archive, have a KEY.cls, gives them their
 * classes, takes the sides of all other entries away, and sets *found. A picture without a class is
 * left out. */
dla_status dla_picture_shard_label(dla_picture_list *list, size_t from, dla_side side,
                                   dla_picture_list *classes, bool *found, dla_error *err);

/* Lists the shards of a folder, by name. side: that of all of them; DLA_SIDE_NONE: the shards'
 * names tell, as train-000000.tar; *split: they named both sides. */
dla_status dla_picture_list_from_shards(dla_picture_list *list, const char *path, dla_side side,
                                        dla_picture_list *classes, bool *split, dla_error *err);

#endif
