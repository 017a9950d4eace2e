/* The files of a picture data set, in a table that is compact enough for millions. */
#ifndef DLA_DATA_PICTURES_LIST_H
#define DLA_DATA_PICTURES_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "dla/dataset.h"

/* A larger file is not accepted as a picture. */
#define DLA_PICTURE_BYTES_MAX (UINT64_C(256) << 20)

typedef enum dla_side { DLA_SIDE_NONE, DLA_SIDE_TRAIN, DLA_SIDE_VAL } dla_side;

typedef enum dla_place_kind {
  DLA_PLACE_FOLDER,
  DLA_PLACE_ARCHIVE,
  DLA_PLACE_MEMORY
} dla_place_kind;

/* Where files lie: a folder; an archive with uncompressed members, read in place; or a compressed
 * archive, whose members are in memory. */
typedef struct dla_picture_place {
  char *path;
  dla_place_kind kind;
  int fd;     /* of an archive; else -1 */
  int source; /* index of the given path: the first or the second */
} dla_picture_place;

/* path: below its place, without leading or trailing '/'. */
typedef struct dla_picture_folder {
  char *path;
  int place;
  uint32_t files;
  uint32_t named;    /* pictures whose names have a class, if list->file_names */
  uint32_t class_at; /* offset of the class's folder in the path */
} dla_picture_folder;

typedef enum dla_picture_state {
  DLA_PICTURE_LISTED,   /* not checked yet */
  DLA_PICTURE_GOOD,     /* as far as can be told without decoding */
  DLA_PICTURE_LEFT_OUT, /* with a reason */
  DLA_PICTURE_PASSED    /* neither a picture nor named like one */
} dla_picture_state;

typedef struct dla_picture_entry {
  uint64_t at; /* of an archive's member: the offset of its bytes, in the file or in memory */
  uint64_t size;
  int64_t changed; /* modification time, in nanoseconds since 1970 */
  uint32_t name, folder;
  int32_t width, height; /* as displayed */
  int32_t label;         /* index of the class; -1: none */
  uint16_t reason;       /* why it is left out; index */
  uint8_t place, side, state, format;
  bool listed; /* listed by a CSV file, which gives its class */
} dla_picture_entry;

/* A reason for leaving pictures out. Equal reasons are stored once. */
typedef struct dla_picture_reason {
  char *what, *hint;
} dla_picture_reason;

enum { DLA_PLACES_MAX = 250, DLA_REASONS_MAX = 4096 };

typedef struct dla_picture_list {
  dla_picture_place places[DLA_PLACES_MAX];
  int place_count;
  int source;      /* for places that are added next */
  bool shards;     /* listed pictures lie in several archives, in which names may be the same */
  bool file_names; /* the classes are in the files' names; else they are folders */
  dla_picture_entry *entries;
  size_t count, capacity;
  char *names; /* all names, each with its NUL */
  size_t names_size, names_capacity;
  dla_picture_folder *folders;
  size_t folder_count, folder_capacity;
  uint32_t *folder_table; /* hash table of folder indexes + 1; 0: free */
  size_t table_size;
  dla_picture_reason *reasons;
  size_t reason_count, reason_capacity;
} dla_picture_list;

/* Takes ownership of the descriptor. */
dla_status dla_picture_list_place(dla_picture_list *list, const char *path, dla_place_kind kind,
                                  int fd, int *place, dla_error *err);
/* Finds or creates a folder, and sets its index. */
dla_status dla_picture_list_folder(dla_picture_list *list, int place, const char *path,
                                   size_t length, uint32_t *folder, dla_error *err);
/* Adds a file. *entry is valid until the next call. */
dla_status dla_picture_list_add(dla_picture_list *list, int place, uint32_t folder,
                                const char *name, dla_picture_entry **entry, dla_error *err);
/* Sorts by folders and names, as bytes. So the result does not depend on the source, or on the
 * order in which the system lists files. Clears the side of an archive's member that appears
 * again later. */
dla_status dla_picture_list_sort(dla_picture_list *list, dla_error *err);
/* Removes all entries without a side. */
void dla_picture_list_drop_others(dla_picture_list *list);

static inline const char *dla_picture_name(const dla_picture_list *list,
                                           const dla_picture_entry *entry)
{
  return list->names + entry->name;
}

/* "FOLDER/NAME", relative to its place. */
void dla_picture_below(const dla_picture_list *list, const dla_picture_entry *entry,
                       dla_strbuf *out);
/* The path of the file, or "ARCHIVE: MEMBER". */
void dla_picture_path(const dla_picture_list *list, const dla_picture_entry *entry,
                      dla_strbuf *out);

/* Marks the entry as left out, with a reason. */
dla_status dla_picture_leave_out(dla_picture_list *list, dla_picture_entry *entry, const char *what,
                                 const char *hint, dla_error *err);

/* Sets the entry's size and modification time, of an archive's member as they are. False: there is
 * no such file. */
bool dla_picture_stat(const dla_picture_list *list, dla_picture_entry *entry);

/* An open picture file. */
typedef struct dla_picture_file {
  const uint8_t *memory; /* the bytes, if in memory */
  int fd;
  bool own; /* close the descriptor */
  uint64_t at, size;
  int64_t changed;
} dla_picture_file;

/* Errors: DLA_E_INPUT, with the file as `where`. */
dla_status dla_picture_open(const dla_picture_list *list, const dla_picture_entry *entry,
                            dla_picture_file *file, dla_error *err);
/* Reads `count` bytes at `from`, which must lie within the file's size, into `bytes`; or sets *at
 * if they are in memory. False, with errno: the file is shorter, or gone. */
bool dla_picture_read(const dla_picture_file *file, uint64_t from, size_t count, uint8_t *bytes,
                      const uint8_t **at);
void dla_picture_close(dla_picture_file *file);

void dla_picture_list_free(dla_picture_list *list);

#endif
