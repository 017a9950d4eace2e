#include "data/pictures/file_names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/try.h"
#include "data/pictures/listing.h"

enum { HEX_LEAST = 8, UUID = 36 };

/* ---- One name ---- */

static bool is_separator(char c)
{
  return c && strchr("._- ()", c);
}

/* The length without an ending. ".0" of "cat.0" is none. */
static size_t stem_of(const char *name)
{
  const char *dot = strrchr(name, '.');
  return dot && dot > name && isalpha((unsigned char)dot[1]) ? (size_t)(dot - name) : strlen(name);
}

static bool is_uuid(const char *text)
{
  for (int i = 0; i < UUID; i++) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i])) return false;
  }
  return true;
}

/* Where the number or id begins that ends at `end`. `end`: there is none. */
static size_t number_at(const char *name, size_t end)
{
  size_t digits = end, word = end;
  bool hex = true, digit = false;
  if (end >= UUID && (end == UUID || is_separator(name[end - UUID - 1])) &&
      is_uuid(name + end - UUID))
    return end - UUID;
  while (digits > 0 && isdigit((unsigned char)name[digits - 1]))
    digits--;
  for (; word > 0 && !is_separator(name[word - 1]); word--) {
    hex &= isxdigit((unsigned char)name[word - 1]) != 0;
    digit |= isdigit((unsigned char)name[word - 1]) != 0;
  }
  return hex && digit && end - word >= HEX_LEAST ? word : digits;
}

size_t dla_file_name_class(const char *name, bool *numbered)
{
  const size_t stem = stem_of(name);
  size_t end = stem;
  while (end > 0 && is_separator(name[end - 1]))
    end--;
  size_t begin = number_at(name, end);
  *numbered = begin < end;
  if (!*numbered) return stem;
  while (begin > 0 && is_separator(name[begin - 1]) && name[begin - 1] != ')')
    begin--;
  return begin;
}

/* ---- A list ---- */

static bool may_be_picture(const char *name)
{
  return dla_is_picture_name(name) || !name[stem_of(name)];
}

static dla_status label(dla_layout *layout, const char *name, dla_picture_entry *entry,
                        bool numbered, dla_error *err)
{
  bool has_number;
  uint32_t number;
  const size_t length = dla_file_name_class(name, &has_number);
  if (length == 0 || has_number != numbered) return DLA_OK;
  TRY(dla_picture_list_folder(&layout->classes, 0, name, length, &number, err));
  uint32_t *files = &layout->classes.folders[number].files;
  *files += numbered;
  if (*files) entry->label = (int32_t)number;
  return DLA_OK;
}

dla_status dla_file_names_label(dla_layout *layout, dla_picture_list *list, size_t from,
                                char *const *known, int count, dla_error *err)
{
  uint32_t number;
  for (int c = 0; c < count; c++) {
    TRY(dla_picture_list_folder(&layout->classes, 0, known[c], strlen(known[c]), &number, err));
    layout->classes.folders[number].files++;
  }
  /* Those with a number first: they make the classes. */
  for (int numbered = 1; numbered >= 0; numbered--)
    for (size_t i = from; i < list->count; i++)
      TRY(label(layout, dla_picture_name(list, &list->entries[i]), &list->entries[i], numbered,
                err));
  for (size_t i = from; i < list->count; i++) {
    const dla_picture_entry *e = &list->entries[i];
    list->folders[e->folder].named += e->label >= 0 && may_be_picture(dla_picture_name(list, e));
  }
  return DLA_OK;
}

dla_status dla_file_names_leave_out(dla_picture_list *list, dla_error *err)
{
  for (size_t i = 0; i < list->count; i++)
    if (list->entries[i].label < 0 && list->entries[i].state == DLA_PICTURE_GOOD)
      TRY(dla_picture_leave_out(list, &list->entries[i], "its name begins with no class",
                                "call it CLASS_NUMBER, as cat_1.jpg", err));
  return DLA_OK;
}

/* ---- A guess, for hints ---- */

static bool most_have_classes(const dla_picture_list *list, const dla_layout *layout,
                              const dla_picture_entry **example)
{
  size_t pictures = 0, named = 0, classes = 0;
  for (size_t i = 0; i < list->count; i++) {
    const dla_picture_entry *e = &list->entries[i];
    if (!dla_is_picture_name(dla_picture_name(list, e))) continue;
    pictures++;
    named += e->label >= 0;
    if (e->label >= 0 && !*example) *example = e;
  }
  for (size_t c = 0; c < layout->classes.folder_count; c++)
    classes += layout->classes.folders[c].files > 1;
  return *example && 2 * named > pictures && classes > 1;
}

bool dla_file_names_tell(const char *path, char **example, size_t *length)
{
  dla_picture_list list = {0};
  dla_layout layout = {0};
  dla_error unused = {0};
  struct stat info;
  bool other = false, numbered;
  const dla_picture_entry *found = NULL;
  *example = NULL;
  dla_status status = stat(path, &info) != 0 ? DLA_E_INPUT
                      : S_ISDIR(info.st_mode)
                          ? dla_picture_list_from_folder(&list, path, &unused)
                          : dla_picture_list_from_archive(&list, path, &other, &unused);
  if (!status) status = dla_picture_list_sort(&list, &unused);
  if (!status) status = dla_file_names_label(&layout, &list, 0, NULL, 0, &unused);
  if (!status && most_have_classes(&list, &layout, &found))
    *example = strdup(dla_picture_name(&list, found));
  if (*example) *length = dla_file_name_class(*example, &numbered);
  dla_layout_free(&layout);
  dla_picture_list_free(&list);
  return *example;
}
