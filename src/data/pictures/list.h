/* The files of a data set of pictures, as a table that is compact enough for millions of them. */
#ifndef DLA_DATA_PICTURES_LIST_H
#define DLA_DATA_PICTURES_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "dla/dataset.h"

/* More of one picture's file is no picture's. */
#define DLA_PICTURE_BYTES_MAX (UINT64_C(256) << 20)

typedef enum dla_side { DLA_SIDE_NONE, DLA_SIDE_TRAIN, DLA_SIDE_VAL } dla_side;

typedef enum dla_place_kind {
  DLA_PLACE_FOLDER,
  DLA_PLACE_ARCHIVE,
  DLA_PLACE_MEMORY
} dla_place_kind;

/* Where files are: a folder; an archive, whose members lie in it as they are; or one that had to be
 * uncompressed, whose members are in memory. */
typedef struct dla_picture_place {
  char *path;
  dla_place_kind kind;
  int fd;     /* of an archive; else -1 */
  int source; /* the first or the second path that was given */
} dla_picture_place;

/* path: below its place, without a '/' at its ends. */
typedef struct dla_picture_folder {
  char *path;
  int place;
  uint32_t files;
  uint32_t class_at; /* where in the path the class's folder begins */
} dla_picture_folder;

typedef enum dla_picture_state {
  DLA_PICTURE_LISTED,   /* not looked at yet */
  DLA_PICTURE_GOOD,     /* what can be told without decoding it */
  DLA_PICTURE_LEFT_OUT, /* for a reason */
  DLA_PICTURE_PASSED    /* no picture, and not called like one */
} dla_picture_state;

typedef struct dla_picture_entry {
  uint64_t at; /* of an archive's member: where its bytes are, in the file or in memory */
  uint64_t size;
  int64_t changed; /* when, in nanoseconds since 1970 */
  uint32_t name, folder;
  int32_t width, height; /* as it is to be seen */
  int32_t label;         /* of a class; -1: in none */
  uint16_t reason;       /* why it is left out */
  uint8_t place, side, state, format;
  bool listed; /* by a CSV, which has its class */
} dla_picture_entry;

/* Why pictures are left out; the same reason is kept once. */
typedef struct dla_picture_reason {
  char *what, *hint;
} dla_picture_reason;

enum { DLA_PLACES_MAX = 250, DLA_REASONS_MAX = 4096 };

typedef struct dla_picture_list {
  dla_picture_place places[DLA_PLACES_MAX];
  int place_count;
  int source; /* of the places that are added */
  dla_picture_entry *entries;
  size_t count, capacity;
  char *names; /* one behind the other, each with its NUL */
  size_t names_size, names_capacity;
  dla_picture_folder *folders;
  size_t folder_count, folder_capacity;
  uint32_t *folder_table; /* numbers of folders + 1, by their hash; 0: free */
  size_t table_size;
  dla_picture_reason *reasons;
  size_t reason_count, reason_capacity;
} dla_picture_list;

/* Takes over the descriptor. */
dla_status dla_picture_list_place(dla_picture_list *list, const char *path, dla_place_kind kind,
                                  int fd, int *place, dla_error *err);
/* The number of the folder, which is made if it is not there. */
dla_status dla_picture_list_folder(dla_picture_list *list, int place, const char *path,
                                   size_t length, uint32_t *folder, dla_error *err);
/* Adds a file; *entry is valid until the next one. */
dla_status dla_picture_list_add(dla_picture_list *list, int place, uint32_t folder,
                                const char *name, dla_picture_entry **entry, dla_error *err);
/* By folders and names, in the order of their bytes: where files come from, and in which order the
 * system lists them, does not matter. Takes the side of an archive's member that is there once
 * more. */
dla_status dla_picture_list_sort(dla_picture_list *list, dla_error *err);
/* Drops all entries without a side. */
void dla_picture_list_drop_others(dla_picture_list *list);

static inline const char *dla_picture_name(const dla_picture_list *list,
                                           const dla_picture_entry *entry)
{
  return list->names + entry->name;
}

/* "FOLDER/NAME" below its place. */
void dla_picture_below(const dla_picture_list *list, const dla_picture_entry *entry,
                       dla_strbuf *out);
/* The path of the file, or "ARCHIVE: MEMBER". */
void dla_picture_path(const dla_picture_list *list, const dla_picture_entry *entry,
                      dla_strbuf *out);

/* Leaves it out. */
dla_status dla_picture_leave_out(dla_picture_list *list, dla_picture_entry *entry, const char *what,
                                 const char *hint, dla_error *err);

/* A picture's file that is open. */
typedef struct dla_picture_file {
  const uint8_t *memory; /* where it lies in memory */
  int fd;
  bool own; /* the descriptor */
  uint64_t at, size;
  int64_t changed;
} dla_picture_file;

/* Errors: DLA_E_INPUT, with the file as `where`. */
dla_status dla_picture_open(const dla_picture_list *list, const dla_picture_entry *entry,
                            dla_picture_file *file, dla_error *err);
/* `count` bytes from `from` on, which are there by the file's size; into `bytes`, or at *at where
 * they lie in memory. False, with errno: not so many, or none. */
bool dla_picture_read(const dla_picture_file *file, uint64_t from, size_t count, uint8_t *bytes,
                      const uint8_t **at);
void dla_picture_close(dla_picture_file *file);

void dla_picture_list_free(dla_picture_list *list);

#endif
