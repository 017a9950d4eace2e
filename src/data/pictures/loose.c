#include "data/pictures/loose.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "base/try.h"
#include "data/address.h"
#include "data/formats/format.h"
#include "data/pictures/listing.h"
#include "data/pictures/scan.h"
#include "data/sources/member_name.h"

/* Files given one by one share one place: "/", or the working directory. */
typedef struct search {
  dla_picture_list *list;
  int place[2]; /* for relative paths, and for absolute ones; -1: none yet */
} search;

static dla_status add_file(search *s, const char *path, dla_error *err)
{
  const bool absolute = path[0] == '/';
  const char *name = dla_path_name(path);
  size_t length = (size_t)(name - path);
  uint32_t folder;
  dla_picture_entry *entry;
  int *place = &s->place[absolute];
  if (*place < 0)
    TRY(dla_picture_list_place(s->list, absolute ? "/" : ".", DLA_PLACE_FOLDER, -1, place, err));
  while (length > 0 && path[length - 1] == '/')
    length--;
  const char *below = absolute && length > 0 ? path + 1 : path;
  TRY(dla_picture_list_folder(s->list, *place, below, length - (size_t)(below - path), &folder,
                              err));
  return dla_picture_list_add(s->list, *place, folder, name, &entry, err);
}

static dla_status add_path(search *s, const char *path, dla_error *err)
{
  struct stat info;
  bool other = false;
  const size_t before = s->list->count;
  if (stat(path, &info) != 0)
    return dla_fail(err, DLA_E_INPUT, path, "give a picture, a folder or an archive",
                    "it is not there");
  if (S_ISDIR(info.st_mode)) return dla_picture_list_from_folder(s->list, path, err);
  if (S_ISREG(info.st_mode)) {
    if (dla_is_picture_file(AT_FDCWD, path)) return add_file(s, path, err);
    /* An error after the first pictures is reported, and those pictures stay. */
    dla_status status = dla_picture_list_from_archive(s->list, path, &other, err);
    if (status || s->list->count > before) return status;
    /* err has a reason in any case. If the file is named like an archive, report that reason. */
    if (strncmp(err->what, "the file is ", 12) == 0) { /* what it is */
      if (strcmp(err->hint, dla_dataset_address(path)) == 0)
        snprintf(err->hint, sizeof err->hint, "get it again");
      return DLA_E_INPUT;
    }
    if (err->what[0] && dla_is_archive_name(dla_path_name(path))) {
      snprintf(err->hint, sizeof err->hint, "get it again, or pack it anew");
      return DLA_E_INPUT;
    }
  }
  return dla_fail(err, DLA_E_INPUT, path,
                  "give JPEG, PNG, WebP, BMP or PNM, a folder or an archive",
                  "it is no picture, and no archive of pictures");
}

static dla_status list_all(dla_picture_set *set, char *const *paths, size_t count,
                           dla_picture_refusal *refuse, void *context, dla_error *err)
{
  search s = {&set->list, {-1, -1}};
  for (size_t i = 0; i < count; i++) {
    dla_error why = {0};
    dla_status status = add_path(&s, paths[i], &why);
    if (status == DLA_E_INPUT || status == DLA_E_IO) {
      refuse(context, &why);
    } else if (status) {
      *err = why;
      return status;
    }
  }
  return DLA_OK;
}

static dla_status fill(dla_picture_set *set, const dla_pictures_options *options, dla_error *err)
{
  set->users = 1;
  set->max_pixels = options->max_pixels;
  set->classes = 1;
  set->place = strdup("pictures");
  set->class_names = dla_names_new(1);
  if (set->class_names) set->class_names[0] = strdup("");
  return set->place && set->class_names && set->class_names[0] ? DLA_OK
                                                               : dla_fail_memory(err, "a search");
}

dla_status dla_picture_set_loose(char *const *paths, size_t count,
                                 const dla_pictures_options *options, dla_picture_refusal *refuse,
                                 void *context, dla_picture_set **set, dla_error *err)
{
  dla_picture_set *made = calloc(1, sizeof *made);
  if (!made) return dla_fail_memory(err, "a search");
  dla_status status = fill(made, options, err);
  if (!status) status = list_all(made, paths, count, refuse, context, err);
  if (!status) status = dla_picture_list_sort(&made->list, err);
  for (size_t i = 0; i < made->list.count; i++) {
    made->list.entries[i].side = DLA_SIDE_VAL;
    made->list.entries[i].label = 0;
  }
  if (!status) status = dla_picture_scan(&made->list, options, err);
  if (status)
    dla_picture_set_close(made);
  else
    *set = made;
  return status;
}
