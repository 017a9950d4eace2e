#include "data/pictures/place.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/try.h"
#include "data/pictures/file_names.h"
#include "data/pictures/listing.h"
#include "data/pictures/shards.h"
#include "data/pictures/side_names.h"
#include "data/pictures/table_inside.h"

/* Whether the pictures of an archive lie in no classes' folders. */
static dla_status is_flat(dla_picture_list *list, const char *path, size_t from, dla_side side,
                          bool trains, bool *flat, dla_error *err)
{
  dla_layout layout = {0};
  char **names = NULL;
  size_t pictures = 0;
  int count = 0;
  dla_error unused = {0};
  dla_status status = dla_layout_find(&layout, list, from, side, path, &unused);
  const size_t all = layout.classes.folder_count;
  bool *used = calloc(all + 1, sizeof *used);
  names = calloc(all + 1, sizeof *names);
  if (!used || !names) status = DLA_E_MEMORY;
  for (size_t i = from; !status && i < list->count; i++) {
    const dla_picture_entry *e = &list->entries[i];
    if (e->state == DLA_PICTURE_PASSED) continue;
    pictures++;
    if (e->label < 0 || e->side == DLA_SIDE_NONE || used[e->label]) continue;
    used[e->label] = true;
    names[count++] = layout.classes.folders[e->label].path;
  }
  /* Pictures to test with may be of one class. */
  const bool one = count == 1 && (trains || dla_is_part_name(names[0], strlen(names[0])));
  *flat = !status && pictures > 0 && (count == 0 || one || dla_layout_is_split(names, count));
  free(names);
  free(used);
  dla_layout_free(&layout);
  return status == DLA_E_MEMORY ? dla_fail_memory(err, path) : DLA_OK;
}

/* A table inside an archive gives the classes where no folders do. */
static dla_status label_inside(dla_picture_list *list, dla_layout *layout, const char *path,
                               size_t from, dla_side side, bool trains, bool *labelled,
                               dla_error *err)
{
  bool flat, split = false;
  if (!dla_picture_has_table(list, from)) return DLA_OK;
  TRY(is_flat(list, path, from, side, trains, &flat, err));
  for (size_t i = from; i < list->count; i++)
    list->entries[i].label = -1;
  if (!flat) return DLA_OK;
  TRY(dla_picture_table_inside(list, from, path, &layout->classes, &split, labelled, err));
  for (size_t i = from; *labelled && i < list->count && side != DLA_SIDE_NONE; i++)
    if (list->entries[i].listed) list->entries[i].side = (uint8_t)side;
  layout->split |= *labelled && split && side == DLA_SIDE_NONE;
  return DLA_OK;
}

/* Their bytes were kept in case that they have the labels. */
static void forget_tables(dla_picture_list *list, size_t from)
{
  for (size_t i = from; i < list->count; i++) {
    dla_picture_entry *e = &list->entries[i];
    if (list->places[e->place].kind != DLA_PLACE_MEMORY || e->state != DLA_PICTURE_PASSED) continue;
    free((void *)(uintptr_t)e->at);
    e->at = e->size = 0;
  }
}

/* Labels in an archive: of each picture, or in a table. */
static dla_status label_archive(dla_picture_list *list, dla_layout *layout, const char *path,
                                size_t from, const dla_pictures_options *options, dla_side side,
                                bool *labelled, dla_error *err)
{
  const bool trains = side != DLA_SIDE_VAL && !options->class_names;
  TRY(dla_picture_shard_label(list, from, side == DLA_SIDE_NONE ? DLA_SIDE_TRAIN : side,
                              &layout->classes, labelled, err));
  if (!*labelled) TRY(label_inside(list, layout, path, from, side, trains, labelled, err));
  forget_tables(list, from);
  return DLA_OK;
}

static dla_status list_shards(dla_picture_list *list, dla_layout *layout, const char *path,
                              const dla_pictures_options *options, dla_side side, dla_error *err)
{
  bool split;
  if (options->file_names)
    return dla_fail(err, DLA_E_INPUT, path, "leave dataset.class_from out",
                    "the shards say in .cls of what class a picture is, not the file's name");
  TRY(dla_picture_list_from_shards(list, path, side, &layout->classes, &split, err));
  layout->split |= split;
  return DLA_OK;
}

static dla_status list_place(dla_picture_list *list, dla_layout *layout, const char *path,
                             const dla_pictures_options *options, dla_side side, bool *other,
                             dla_error *err)
{
  struct stat info;
  const size_t from = list->count;
  if (stat(path, &info) != 0)
    return dla_fail(err, DLA_E_INPUT, path, "give a folder or archive of pictures",
                    "it is not there");
  const bool folder = S_ISDIR(info.st_mode);
  if (!folder && dla_is_table(path)) {
    bool split = false;
    if (options->file_names)
      return dla_fail(err, DLA_E_INPUT, path, "leave dataset.class_from out",
                      "a table says of what class a picture is, not the file's name");
    TRY(dla_picture_list_from_csv(list, path, &layout->classes, &split, err));
    for (size_t i = from; i < list->count && side != DLA_SIDE_NONE; i++)
      list->entries[i].side = (uint8_t)side;
    layout->split |= split && side == DLA_SIDE_NONE;
    return DLA_OK;
  }
  if (folder && dla_is_shards_folder(path))
    return list_shards(list, layout, path, options, side, err);
  if (folder)
    TRY(dla_picture_list_from_folder(list, path, err));
  else
    TRY(dla_picture_list_from_archive(list, path, other, err));
  if (*other) return DLA_OK;
  bool labelled = false;
  if (!folder && !options->file_names)
    TRY(label_archive(list, layout, path, from, options, side, &labelled, err));
  if (labelled) return DLA_OK;
  if (options->file_names)
    TRY(dla_file_names_label(layout, list, from, options->class_names, options->classes, err));
  return dla_layout_find(layout, list, from, side, path, err);
}

dla_status dla_picture_places_list(dla_picture_list *list, dla_layout *layout, const char *path,
                                   const dla_pictures_options *options, bool *other, dla_error *err)
{
  if (!options->train || !*options->train)
    return list_place(list, layout, path, options, DLA_SIDE_NONE, other, err);
  const bool val = options->val && *options->val;
  TRY(list_place(list, layout, options->train, options, val ? DLA_SIDE_TRAIN : DLA_SIDE_NONE, other,
                 err));
  if (*other || !val) return DLA_OK;
  layout->split = true;
  list->source = 1;
  TRY(list_place(list, layout, options->val, options, DLA_SIDE_VAL, other, err));
  if (!*other) return DLA_OK;
  return dla_fail(err, DLA_E_INPUT, options->val, "give a folder or archive of pictures",
                  "there are no pictures in it");
}
